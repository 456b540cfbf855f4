import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import { mutations, pairedDocuments, randomDocuments, singleDocuments } from './documents.ts'
import { scanByTree } from './reference.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** The first document that the two read differently, cut down to the fields that differ. */
function disagreement(documents: Iterable<string>): object | undefined {
  for (const source of documents) {
    const scanned = Object.entries(scanPage('page.html', source))
    const expected = new Map(Object.entries(scanByTree('page.html', source)))
    const wrong = scanned.filter(([key, value]) => !isDeepStrictEqual(value, expected.get(key)))
    if (wrong.length > 0 || scanned.length !== expected.size)
      return { source, wrong: wrong.map(([key, value]) => ({ key, value, expected: expected.get(key) })) }
  }
  return undefined
}

/** Pages below a folder, without what other tests build there meanwhile. */
function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return /^(?:dist|node_modules|\.)/.test(entry.name) ? [] : pagesBelow(path)
    return entry.name.endsWith('.html') ? [readFileSync(join(ROOT, path), 'utf8')] : []
  })
}

const realPages = (): string[] => [
  ...pagesBelow('playground'),
  ...pagesBelow('node_modules/playwright-core/lib'),
]

describe('scanPage finds what stands in the tree of parse5', () => {
  it('in every piece of the collection, alone and inside others', () => {
    expect([...singleDocuments()].length).toBeGreaterThan(1000)
    expect(disagreement(singleDocuments())).toBeUndefined()
  })

  it('in every pair of pieces', () => {
    expect(disagreement(pairedDocuments())).toBeUndefined()
  })

  it('in long random sequences of pieces', () => {
    expect(disagreement(randomDocuments(3000, 20))).toBeUndefined()
  })

  it('in real pages', () => {
    expect(realPages().length).toBeGreaterThan(10)
    expect(disagreement(realPages())).toBeUndefined()
  })

  it('in real pages that were damaged at random', () => {
    for (const [seed, source] of realPages().entries())
      expect(disagreement(mutations(source, 60, seed))).toBeUndefined()
  })
})

const inlineScripts = (source: string) =>
  scanPage('page.html', source).resources.flatMap((one) =>
    one.kind === 'inline-script'
      ? [{ text: one.text, raw: source.slice(one.textSpan.start, one.textSpan.end) }]
      : [],
  )

/** Read off the standard, not off a parser. */
describe('scanPage reads as the standard says', () => {
  it('decodes references and CDATA in a script of SVG, but not in one of HTML', () => {
    const text = 'a &lt; b'
    expect(
      inlineScripts(`<svg><script>${text}<![CDATA[ &lt; ]]></script></svg><script>${text}</script>`),
    ).toEqual([
      { text: 'a < b &lt; ', raw: `${text}<![CDATA[ &lt; ]]>` },
      { text, raw: text },
    ])
  })

  it('normalises newlines of the text and keeps them in the span', () => {
    expect(inlineScripts('<script>a\r\nb\rc\nd</script>')).toEqual([
      { text: 'a\nb\nc\nd', raw: 'a\r\nb\rc\nd' },
    ])
  })

  it('ends a script at an end tag with attributes; one that is never ended is never run', () => {
    expect(inlineScripts('<script>a</scripty></script foo=">">b<script>c')).toEqual([
      { text: 'a</scripty>', raw: 'a</scripty>' },
    ])
  })

  it('does not end a script inside a double escape', () => {
    const text = '<!-- <script> </script> -->'
    expect(inlineScripts(`<script>${text}</script>`)).toEqual([{ text, raw: text }])
  })

  it('takes what stands in title, textarea, noscript and a comment for text', () => {
    const script = '<script>x</script>'
    expect(
      inlineScripts(
        `<title>${script}</title><textarea>${script}</textarea><noscript>${script}</noscript><!--${script}-->`,
      ),
    ).toEqual([])
  })

  it('puts what a table cannot hold before the table', () => {
    const source = '<table><tr><td><script>in()</script></table><table><p><script>out()</script><tr><td>x'
    expect(inlineScripts(source).map(({ text }) => text)).toEqual(['in()', 'out()'])
    const foster = '<table><tr><td><script>in()</script></td><div><script>before()</script></div></table>'
    expect(inlineScripts(foster).map(({ text }) => text)).toEqual(['before()', 'in()'])
  })

  it('tells templates, shadow roots and frames apart', () => {
    const page = scanPage(
      'page.html',
      '<style>a</style><template><style>b</style><template shadowrootmode=open><style>c</style></template></template>' +
        '<p><template shadowrootmode=open><style>d</style></template><iframe srcdoc="<style>e</style>"></iframe>',
    )
    expect(page.resources.map(({ context }) => context)).toEqual([
      'document',
      'template',
      'template',
      'shadow-root',
      'srcdoc',
    ])
  })

  it('lets a template be a shadow root where it can be one, and only the first of a host', () => {
    const template = '<template shadowrootmode=open><style>s</style></template>'
    const contexts = (html: string) => scanPage('page.html', html).resources.map(({ context }) => context)
    expect(contexts(`<div>${template}${template}</div>`)).toEqual(['shadow-root', 'template'])
    expect(contexts(`<x-a>${template}</x-a>`)).toEqual(['shadow-root'])
    expect(contexts(`<ul>${template}</ul>`)).toEqual(['template'])
    expect(contexts(`<table>${template}</table>`)).toEqual(['template'])
    expect(contexts(`<svg><desc>${template}`)).toEqual(['template'])
  })

  it('leaves out the scripts that engines do not prepare', () => {
    const scripts = (html: string) => scanPage('page.html', html).resources.length
    expect(scripts('<svg><script>a</script><script>b')).toBe(1)
    expect(scripts('<svg><script href=a.js /></svg>')).toBe(1)
    expect(scripts('<script for=document event=onclick src=a.js></script>')).toBe(0)
    expect(scripts('<script for=window event=onload src=a.js></script>')).toBe(1)
    expect(scripts('<script type=module for=a event=b src=a.js></script>')).toBe(1)
    // Its text is checked before its event is looked at.
    expect(scripts('<script for=document event=onclick>a</script>')).toBe(1)
  })

  it('knows the language of HTML scripts alone', () => {
    const html = '<script language=vbscript>a</script><svg><script language=vbscript>b</script></svg>'
    const types = scanPage('page.html', html).resources.map((one) => 'type' in one && one.type)
    expect(types).toEqual(['data', 'classic'])
  })

  it('knows nomodule on HTML scripts alone', () => {
    const page = scanPage('page.html', '<script nomodule>a</script><svg><script nomodule>b</script></svg>')
    expect(page.resources.map((one) => 'nomodule' in one && one.nomodule)).toEqual([true, false])
  })

  it('counts offsets from the beginning of the file, byte order mark included', () => {
    const source = '\uFEFF<!doctype html><head><script src=/a.js></script>'
    const [script] = scanPage('page.html', source).resources
    expect(source.slice(script?.span.start, script?.span.end)).toBe('<script src=/a.js></script>')
    expect(source.slice(script?.attributeOffset)).toBe(' src=/a.js></script>')
  })

  it('stays linear where tags are opened and never closed', () => {
    const deep = `${'<div onclick=x>'.repeat(30_000)}<script>end()</script>`
    expect(inlineScripts(deep)).toHaveLength(1)
  })
})
