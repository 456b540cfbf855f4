import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import type { PagePlan } from '../../../src/core/page/page-plan.ts'
import { planPage } from '../../../src/core/page/plan.ts'
import { digest } from '../../../src/core/site/digest.ts'
import type { GraphNode } from '../../../src/core/site/model.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { memorySite } from '../../support/memory-site.ts'

const FILES = {
  'assets/entry.js': 'import "./dep.js"',
  'assets/dep.js': 'dep()',
  'assets/lazy.js': 'lazy()',
  'assets/page.css': 'p{}',
  'assets/lazy.css': 'a{}',
  'old.js': 'old()',
}

const node = (part: Partial<GraphNode>): GraphNode => ({
  imports: [],
  dynamicImports: [],
  styles: [],
  ...part,
})

const GRAPH = new Map([
  ['assets/entry.js', node({ imports: ['assets/dep.js'], dynamicImports: ['assets/lazy.js'] })],
  ['assets/dep.js', node({ styles: ['assets/page.css'] })],
  ['assets/lazy.js', node({ styles: ['assets/lazy.css'] })],
])

const hashOf = (path: keyof typeof FILES): string => digest(FILES[path], 'sha384')

function plan(html: string, options: Options = {}): PagePlan {
  const site = memorySite(FILES, '/', GRAPH)
  const digestOf = (path: string) => {
    const bytes = site.file(path)
    return bytes && digest(bytes, 'sha384')
  }
  return planPage(site, scanPage('index.html', html), resolveOptions(options), digestOf)
}

const expressions = (sources: readonly { readonly expression: string }[]): string[] =>
  sources.map(({ expression }) => expression)

const ENTRY = '<script type="module" src="/assets/entry.js"></script>'

describe('the plan of a page', () => {
  it('pins its tags, and in a map whatever their scripts reach', () => {
    const { edits, pinned, importMap, loaded } = plan(
      `<link rel="stylesheet" href="/assets/page.css">${ENTRY}`,
    )
    expect(edits.map(({ text }) => text)).toEqual([
      ` integrity="${hashOf('assets/page.css')}"`,
      ` integrity="${hashOf('assets/entry.js')}"`,
    ])
    expect([...pinned.keys()].toSorted()).toEqual([
      'assets/dep.js',
      'assets/entry.js',
      'assets/lazy.css',
      'assets/lazy.js',
      'assets/page.css',
    ])
    const map = JSON.parse(/>(.*)</.exec(importMap ?? '')?.[1] ?? '') as { integrity: object }
    // The page links page.css itself, with a pin in its own tag.
    expect(Object.keys(map.integrity)).toEqual([
      '/assets/dep.js',
      '/assets/entry.js',
      '/assets/lazy.js',
      '/assets/lazy.css',
    ])
    expect(loaded).toEqual({
      scripts: ['assets/dep.js', 'assets/entry.js', 'assets/lazy.js'],
      styles: ['assets/lazy.css', 'assets/page.css'],
    })
  })

  it('lists inline scripts in the order of the page, with the map where it will stand', () => {
    const { facts, inlineScripts } = plan(`<head></head><script>b()</script>${ENTRY}<script>a()</script>`)
    expect(facts.inlineScripts).toHaveLength(3)
    expect(facts.inlineScripts[0]?.reason).toMatchObject({ what: 'importmap' })
    expect(expressions(facts.inlineScripts).slice(1)).toEqual([
      `'${digest('b()', 'sha384')}'`,
      `'${digest('a()', 'sha384')}'`,
    ])
    expect(inlineScripts).toBe(2)
  })

  it('does nothing for a page without scripts, and nothing of `external` enters it', () => {
    const { edits, facts, importMap } = plan('<p>', { external: { 'https://cdn.test/': true } })
    expect([edits, importMap]).toEqual([[], undefined])
    expect(Object.values(facts)).toEqual([[], [], [], []])
    expect(
      expressions(plan(ENTRY, { external: { 'https://cdn.test/': true } }).facts.foreignScripts),
    ).toEqual(['https://cdn.test/'])
  })

  it('maps what a classic script imports, but not the script itself', () => {
    const graph = plan('<script src="/old.js"></script>')
    expect(graph.importMap).toBeUndefined()
    expect(expressions(graph.facts.scriptFiles)).toEqual([`'${hashOf('old.js')}'`])
  })

  it('follows imports of inline scripts, which a loader does not let in', () => {
    const html = `${ENTRY}<script type="module">import('/assets/lazy.js')</script>`
    const listed = expressions(plan(html, { scripts: 'loader' }).facts.scriptFiles)
    expect(listed).toContain(`'${hashOf('assets/lazy.js')}'`)
    expect(listed).not.toContain(`'${hashOf('assets/dep.js')}'`)
    expect(expressions(plan(html, { scripts: 'dynamic' }).facts.scriptFiles)).toContain(
      `'${hashOf('assets/dep.js')}'`,
    )
  })

  it('reports in the order of the page what it cannot pin', () => {
    const { findings } = plan(
      '<meta http-equiv="Content-Security-Policy" content="img-src *"><script src="/gone.js"></script>',
    )
    expect(findings.map(({ code }) => code)).toEqual(['policy-present', 'file-missing'])
  })
})
