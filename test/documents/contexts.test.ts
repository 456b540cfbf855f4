import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { FILES, secured } from './secured.ts'

const MODULE = '<script type=module src=/x.js></script>'
const hash = (text: string) => `'sha384-${createHash('sha384').update(text).digest('base64')}'`
const mapsOf = (html: string) =>
  [...html.matchAll(/<script type="?importmap[^>]*>([^<]*)/g)].map(([, text]) => text ?? '')
const pins = (text: string | undefined): string[] =>
  Object.keys((JSON.parse(text ?? '{}') as { integrity?: object }).integrity ?? {})

describe('only a live import map of the document is the page’s', () => {
  it.each([
    ['in the document of a frame', `<iframe srcdoc='<script type="importmap">{}</script><p>hello'></iframe>`],
    ['in a template', '<template><script type="importmap">{"imports":{}}</script></template>'],
    [
      'in a frame inside a template',
      `<template><iframe srcdoc='<script type=importmap>{}</script>'></iframe></template>`,
    ],
    [
      'in a template of a shadow root',
      '<p><template shadowrootmode=open><template><script type=importmap>{}</script></template></template>',
    ],
  ])('%s there is another, which stays', (_, other) => {
    const { html, refusals, again } = secured(`<!doctype html><head></head><body>${other}${MODULE}`)
    expect(html).toContain(other)
    expect(pins(mapsOf(html)[0])).toEqual(['/x.js', '/y.js'])
    expect(refusals).toEqual([])
    expect(again).toBe(html)
  })

  it('hashes the others, which count once they are cloned or their frame is read', () => {
    const { html } = secured(
      '<head></head><template><script type=importmap>{"imports":{"a":"/b"}}</script></template>',
    )
    expect(html).toContain(hash('{"imports":{"a":"/b"}}'))
  })

  it('moves one that stands behind a module of its own document, not behind one of a frame', () => {
    const map = '<script type=importmap>{"imports":{"a":"/x.js"}}</script>'
    const frame = '<iframe srcdoc="<script type=module>1</script>"></iframe>'
    const { html } = secured(`<!doctype html><head></head><body>${frame}${map}${MODULE}`)
    expect(html.indexOf('importmap')).toBeGreaterThan(html.indexOf('<iframe'))
  })
})

describe('several import maps become one', () => {
  const first = '<script type=importmap>{"imports":{"a":"/x.js","b":"/b.js"}}</script>'
  const second =
    '<script type=importmap>{"imports":{"a":"/no.js","c":"/y.js"},"scopes":{"/s/":{"d":"/x.js"}},"integrity":{"/z.js":"sha384-AAAA"}}</script>'

  it('at the first, which decides where they disagree', () => {
    const { html, codes, again } = secured(`<!doctype html><head>${first}\n${second}${MODULE}</head>`)
    const maps = mapsOf(html)
    expect(maps).toHaveLength(1)
    expect(JSON.parse(maps[0]!)).toMatchObject({
      imports: { a: '/x.js', b: '/b.js', c: '/y.js' },
      scopes: { '/s/': { d: '/x.js' } },
    })
    expect(codes).toContain('import-map-duplicate')
    expect(html).toContain(hash(maps[0]!))
    expect(again).toBe(html)
  })

  it('where nothing is to be pinned as well', () => {
    const { html } = secured(`<!doctype html><head>${first}${second}</head>`)
    expect(mapsOf(html)).toHaveLength(1)
  })

  it('without one that no engine can read', () => {
    const { codes } = secured(`<!doctype html><head>${first}<script type=importmap>{</script>${MODULE}`)
    expect(codes).toContain('import-map-invalid')
  })
})

describe('what is inert is no element of the page', () => {
  it.each([
    ['a base', '<template><base href="/a/"></template>'],
    [
      'a policy',
      '<template><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></template>',
    ],
    ['a base of SVG', '<svg><base href="/a/"></base></svg>'],
    ['a base in a shadow root', '<p><template shadowrootmode=open><base href="/a/"></template></p>'],
  ])('%s in a template', (_, inert) => {
    const { codes, html, refusals } = secured(
      `<!doctype html><head></head><body>${inert}<script type=module src=x.js></script>`,
    )
    expect(codes).toEqual(['name-without-hash'])
    expect(refusals).toEqual([])
    expect(html).toContain('src=x.js')
  })
})

describe('a pin that pins nothing', () => {
  const pin = 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'
  const external = { 'https://cdn.example/v.js': pin } as const

  it.each(['script type=module crossorigin src', 'script crossorigin src', 'link rel=modulepreload href'])(
    'is an error on a tag in a frame: %s',
    (tag) => {
      const frame = `<iframe srcdoc="<${tag}=https://cdn.example/v.js></script>"></iframe>`
      const { html, codes } = secured(`<!doctype html><head></head>${frame}`, { external })
      expect(codes).toContain('srcdoc-unpinned')
      expect(html).toContain(frame)
    },
  )

  it('is none on a stylesheet in a frame', () => {
    const frame = `<iframe srcdoc="<link rel=stylesheet crossorigin href=https://cdn.example/v.js>"></iframe>`
    expect(secured(`<!doctype html><head></head>${frame}`, { external }).html).toContain(frame)
  })

  it('holds where the import map of the page leads to it', () => {
    const { html } = secured(
      '<!doctype html><head><script type=importmap>{"imports":{"v":"https://cdn.example/v.js"}}</script><script type=module>import "v"</script>',
      { external },
    )
    expect(pins(mapsOf(html)[0])).toEqual(['https://cdn.example/v.js'])
  })

  it('is an error for a script that a script makes', () => {
    const made = `<script>const s = document.createElement('script'); s.src = 'https://cdn.example/v.js'; document.head.append(s)</script>`
    const { codes } = secured(`<!doctype html><head></head>${made}`, { external })
    expect(codes).toContain('pin-unused')
    const carried = made.replace('document.head', `s.integrity = '${pin}'; document.head`)
    expect(secured(`<!doctype html><head></head>${carried}`, { external }).codes).not.toContain('pin-unused')
  })
})

describe('a script that only workers load is no script of the page', () => {
  const files = { ...FILES, 'sw.js': 'self.x', 'app/sw.js': 'self.x' }

  it.each([
    "navigator.serviceWorker.register('/app/sw.js')",
    'navigator.serviceWorker?.register("/sw.js", { scope: "/" })',
    "new Worker('/app/sw.js')",
    'new SharedWorker(new URL(`/app/sw.js`, location))',
  ])('%s opens no directory', (code) => {
    const { html } = secured(`<!doctype html><head></head><script>${code}</script>`, {}, files)
    expect(html).not.toMatch(/:\*\/(?:app\/|sw\.js)/)
  })

  it('but one that is imported as well is', () => {
    const code = "new Worker('/app/sw.js');import('/app/sw.js')"
    const { html } = secured(`<!doctype html><head></head><script>${code}</script>`, {}, files)
    expect(html).toContain('localhost:*/app/')
  })
})

describe('what the user trusts on the own origin is named exactly', () => {
  const external = { '/up/widget.js': true } as const

  it.each([
    ['a file that the server adds', FILES],
    ['a file of the site', { ...FILES, 'up/widget.js': '' }],
  ])('%s', (_, files) => {
    const tag = '<script src="/up/widget.js"></script>'
    const { html } = secured(`<!doctype html><head></head>${tag}`, { external }, files)
    expect(html).toContain('localhost:*/up/widget.js')
    expect(html).not.toMatch(/localhost:\*\/up\/[ ;"]/)
  })
})
