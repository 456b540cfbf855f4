import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import { isLoadable, isLoaderText, type LoaderTag, placeLoader } from '../../../src/core/page/loader.ts'
import type { ExternalScript } from '../../../src/core/site/model.ts'

const scripts = (html: string): ExternalScript[] =>
  scanPage('index.html', html).resources.filter(
    (one): one is ExternalScript => one.kind === 'external-script',
  )

const tags = (html: string): LoaderTag[] =>
  scripts(html).map((resource) => ({ resource, integrity: ['sha384-x'], file: undefined }))

/** The attributes of the elements that a loader appends, in order. */
function appended(text: string, trustedTypes?: object): Record<string, string>[] {
  const made: Record<string, string>[] = []
  const createElement = (name: string) => {
    const element: Record<string, string> & { setAttribute?: unknown } = { element: name }
    element.setAttribute = (key: string, value: string) => void (element[key] = value)
    return element
  }
  const document = {
    readyState: 'complete',
    createElement,
    head: { appendChild: (one: Record<string, string>) => made.push(one) },
  }
  const self = { trustedTypes }
  runInNewContext(text, { document, self, trustedTypes, TypeError })
  return made.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => typeof value !== 'function')),
  )
}

describe('the loader', () => {
  it.each([
    ['<script type="module" src="a.js"></script>', true],
    ['<script defer src="a.js"></script>', true],
    ['<script async src="a.js"></script>', true],
    ['<script src="a.js"></script>', false],
    ['<script type="text/template" defer src="a.js"></script>', false],
    ['<template><script type="module" src="a.js"></script></template>', false],
  ])('takes the place of %s: %s', (html, loadable) => {
    expect(scripts(html).map(isLoadable)).toEqual([loadable])
  })

  it('appends its scripts in their order, async ones first, each with its pin', () => {
    const html =
      '<script type="module" src="a.js" nonce="n"></script><script defer src="b.js"></script><script async src="c.js"></script>'
    const placed = placeLoader(tags(html), [], false)
    expect(appended(placed?.text ?? '')).toMatchObject([
      { element: 'script', src: 'c.js', integrity: 'sha384-x' },
      { src: 'a.js', type: 'module', async: false },
      { src: 'b.js', async: false },
    ])
    expect(placed?.text).not.toContain('nonce')
    expect(isLoaderText(placed?.text ?? '')).toBe(true)
  })

  it('stands where the first of its tags stood, with a preload for each module', () => {
    const html =
      '<p><script type="module" crossorigin src="a.js?x&y"></script><script defer src="b.js"></script>'
    const placed = placeLoader(tags(html), [], false)
    expect(placed?.span.start).toBe(3)
    expect(placed?.edits.map(({ text }) => text)).toEqual([
      `<link integrity="sha384-x" rel="modulepreload" crossorigin href="a.js?x&amp;y"><script>${placed?.text}</script>`,
      '',
    ])
    expect(placeLoader([], [], false)).toBeUndefined()
  })

  it('assigns no URL but its own through its Trusted Types policy', () => {
    const placed = placeLoader(tags('<script defer src="a.js"></script>'), [], true)
    const urls: string[] = []
    const trustedTypes = {
      createPolicy: (name: string, rules: { createScriptURL(url: string): string }) => {
        expect(name).toBe('csp-hashes')
        expect(() => rules.createScriptURL('evil.js')).toThrow('evil.js')
        return { createScriptURL: (url: string) => (urls.push(url), rules.createScriptURL(url)) }
      },
    }
    expect(appended(placed?.text ?? '', trustedTypes)).toMatchObject([{ src: 'a.js' }])
    expect(urls).toEqual(['a.js'])
  })
})
