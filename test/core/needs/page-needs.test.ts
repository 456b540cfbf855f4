import { describe, expect, it } from 'vitest'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { memorySite } from '../../support/memory-site.ts'

/** What `tight` opens for a page, but for what it opens or closes for every page. */
function opened(
  body: string,
  files: Record<string, string> = {},
  base = '/',
  options: Options = {},
): Record<string, string> {
  const icon = '<link rel="icon" href="data:,">'
  const site = memorySite({ 'index.html': `<!doctype html>${icon}${body}`, ...files }, base)
  const [policy] = secureSite(site, resolveOptions({ preset: 'tight', ...options })).pages[0]?.policies ?? []
  const directives = [...(policy?.directives ?? [])].map(
    ([name, sources]) =>
      [
        name,
        sources
          .map(({ expression }) => expression)
          .filter((one) => !/^'(?:none|sha\d+-)/.test(one) && !(name === 'img-src' && one === 'data:')),
      ] as const,
  )
  const more = directives.filter(
    ([name, sources]) => sources.length > 0 && !/^(?:script-src|frame-ancestors)/.test(name),
  )
  return Object.fromEntries(more.map(([name, sources]) => [name, sources.toSorted().join(' ')]))
}

describe('markup under tight', () => {
  it.each<[string, Record<string, string>]>([
    ['<p>Text', {}],
    ['<img src="a.png">', { 'img-src': "'self'" }],
    ['<img srcset="a.png 1x, https://img.test/b.png 2x">', { 'img-src': "'self' https://img.test" }],
    ['<picture><source srcset="//img.test/a.webp"></picture>', { 'img-src': 'img.test' }],
    ['<input type="image" src="/a.png">', { 'img-src': "'self'" }],
    [
      '<svg><image href="https://img.test/a.svg"/><use xlink:href="#a"/></svg>',
      { 'img-src': 'https://img.test' },
    ],
    [
      '<video poster="/a.png"><source src="https://v.test:8443/a.mp4"></video>',
      { 'img-src': "'self'", 'media-src': 'https://v.test:8443' },
    ],
    ['<audio src="blob:x"></audio>', { 'media-src': 'blob:' }],
    ['<iframe src="https://maps.test/a?b"></iframe>', { 'frame-src': 'https://maps.test' }],
    [
      '<iframe src="about:blank"></iframe><iframe srcdoc="<img src=a.png>"></iframe>',
      { 'img-src': "'self'" },
    ],
    ['<form action="https://pay.test/x"></form>', { 'form-action': 'https://pay.test' }],
    ['<form method="dialog"></form><form action="javascript:0"></form>', {}],
    ['<form></form>', { 'form-action': "'self'" }],
    ['<button formaction="https://pay.test/y">', { 'form-action': 'https://pay.test' }],
    ['<a href="https://other.test/" ping="/p">', { 'connect-src': "'self'" }],
    ['<link rel="manifest" href="https://app.test/m.json">', { 'manifest-src': 'https://app.test' }],
    ['<link rel="preload" as="font" href="https://f.test/a.woff2">', { 'font-src': 'https://f.test' }],
    ['<link rel="apple-touch-icon" href="/a.png">', { 'img-src': "'self'" }],
    ['<link rel="stylesheet" href="https://s.test/a.css">', { 'style-src': 'https://s.test' }],
    [
      '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=X">',
      { 'style-src': 'https://fonts.googleapis.com', 'font-src': 'https://fonts.gstatic.com' },
    ],
    [
      '<style>@font-face{src:url(https://f.test/a.woff2)}p{background:url(/a.png)}</style>',
      { 'font-src': 'https://f.test', 'img-src': "'self'" },
    ],
    ['<p style="background:url(https://img.test/a.png)">', { 'img-src': 'https://img.test' }],
    ['<base href="/app/">', { 'base-uri': "'self'" }],
    [
      '<base href="https://cdn.test/"><img src="a.png">',
      { 'base-uri': 'https://cdn.test', 'img-src': 'https://cdn.test' },
    ],
    ['<noscript><img src="https://px.test/a.gif"></noscript>', {}],
    ['<template><img src="https://img.test/a.png"></template>', { 'img-src': 'https://img.test' }],
    ['<img src="https://{{host}}/a.png">', {}],
  ])('%s', (body, expected) => {
    expect(opened(body)).toEqual(expected)
  })

  it('takes /favicon.ico into account where no icon is named', () => {
    const site = memorySite({ 'index.html': '<!doctype html><p>Text' })
    const [policy] = secureSite(site, resolveOptions({ preset: 'tight' })).pages[0]?.policies ?? []
    expect(policy?.directives.get('img-src')?.map(({ expression }) => expression)).toEqual(["'self'"])
  })
})

const code = (text: string) => ({ 'a-B4d0Xy12.js': text })

describe('files under tight', () => {
  const script = '<script src="/a-B4d0Xy12.js"></script>'

  it.each<[string, Record<string, string>]>([
    ['const a=1', {}],
    ['fetch("/api")', { 'connect-src': "'self'" }],
    ['fetch("data:application/json,{}")', { 'connect-src': "'self' data:" }],
    ['x="data:application/json,{}"', {}],
    ['x="data:font/woff2;base64,AA"', { 'font-src': 'data:' }],
    ['x="data:audio/mpeg;base64,AA"', { 'media-src': 'data:' }],
    ['URL.createObjectURL(f)', { 'img-src': 'blob:', 'media-src': 'blob:' }],
    [
      'f=()=>URL.createObjectURL(b)' + ' '.repeat(900) + 'new Worker(f())',
      { 'img-src': 'blob:', 'media-src': 'blob:', 'worker-src': "'self' blob:" },
    ],
    ['navigator.serviceWorker.register("/sw.js")', { 'worker-src': "'self'" }],
    ['h("iframe")', { 'frame-src': "'self'" }],
    ['h("form")', { 'form-action': "'self'" }],
    ['"/clip.webm"', { 'media-src': "'self'" }],
  ])('%s', (text, expected) => {
    expect(opened(script, code(text))).toEqual(expected)
  })

  it('names the CDN that is the base, and from which styles and images come', () => {
    const files = { 'a-B4d0Xy12.js': '"https://cdn.test/x/logo.png"', 'a.css': 'p{}' }
    const body =
      '<script crossorigin src="https://cdn.test/x/a-B4d0Xy12.js"></script><link rel="stylesheet" crossorigin href="https://cdn.test/x/a.css">'
    expect(opened(body, files, 'https://cdn.test/x/')).toEqual({
      'img-src': 'https://cdn.test',
      'style-src': 'https://cdn.test',
    })
  })

  it('follows a worker, and what the worker uses', () => {
    const files = {
      'a-B4d0Xy12.js': 'new Worker(new URL("/w-C9C0AXsO.js",import.meta.url))',
      'w-C9C0AXsO.js': 'WebAssembly.instantiate(b);fetch("/x")',
    }
    const site = memorySite({ 'index.html': `<!doctype html>${script}`, ...files })
    const opens = (output: 'meta' | 'netlify') => {
      const options = resolveOptions({ preset: 'tight', output })
      const [policy] = secureSite(site, options).pages[0]?.policies ?? []
      const scripts = policy?.directives.get('script-src')?.map(({ expression }) => expression)
      return [scripts?.includes("'wasm-unsafe-eval'"), policy?.directives.has('connect-src')]
    }
    expect(opens('netlify')).toEqual([true, true])
    // The policy of a meta does not reach a worker that comes from a file.
    expect(opens('meta')).toEqual([false, false])
  })

  it('follows stylesheets through their imports', () => {
    const files = {
      'a.css': '@import "deep/b.css";',
      'deep/b.css': '@import "../c.css";@font-face{src:url(https://f.test/a.woff2)}',
      'c.css': '@import "a.css";p{background:url(https://img.test/a.png)}',
    }
    expect(opened('<link rel="stylesheet" href="/a.css">', files)).toEqual({
      'style-src': "'self'",
      'font-src': 'https://f.test',
      'img-src': 'https://img.test',
    })
  })

  it('keeps pages apart', () => {
    const site = memorySite({
      'index.html': '<!doctype html><link rel="icon" href="data:,"><img src="https://img.test/a.png">',
      'b.html': '<!doctype html><link rel="icon" href="data:,">',
    })
    const [, second] = secureSite(site, resolveOptions({ preset: 'tight' })).pages
    expect(second?.policies[0]?.directives.get('img-src')?.map(({ expression }) => expression)).toEqual([
      'data:',
    ])
  })

  it('reads every file once, however many pages load it', () => {
    const reads = new Map<string, number>()
    const pages = Object.fromEntries(
      ['index', 'b', 'c'].map((name) => [`${name}.html`, `<!doctype html>${script}`]),
    )
    const site = memorySite({ ...pages, ...code('fetch("/x")') })
    const file = (path: string) => {
      reads.set(path, (reads.get(path) ?? 0) + 1)
      return site.file(path)
    }
    secureSite(
      { ...site, file, has: (path) => site.file(path) !== undefined },
      resolveOptions({ preset: 'tight' }),
    )
    expect(reads.get('a-B4d0Xy12.js')).toBe(1)
  })
})
