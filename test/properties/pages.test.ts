import * as fc from 'fast-check'
import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import type { Options } from '../../src/index.ts'
import { checkFinished } from '../../src/own-result.ts'
import { PIECES } from '../core/html/documents.ts'
import { secured } from '../documents/secured.ts'
import { runs } from './arbitrary.ts'

const OURS = 'data-csp-hashes'

/** What the run adds to tags of the user. */
const ADDED = new Set(['integrity', 'crossorigin'])

/**
 * A tree as lines, without the elements that the run inserted and without the attributes that it adds. Comments are left
 * out: one that stands before an implied `<html>` stands in the head once a policy is inserted before it.
 */
function outline(html: string): string[] {
  const lines: string[] = []
  const visit = (nodes: readonly Tree.ChildNode[], depth: string): void => {
    let text = ''
    const flush = (): void => {
      if (text.trim() !== '') lines.push(`${depth}"${text}"`)
      text = ''
    }
    for (const node of nodes) {
      if (node.nodeName === '#text') {
        text += (node as Tree.TextNode).value
        continue
      }
      if ('attrs' in node && node.attrs.some(({ name }) => name === OURS)) continue
      flush()
      if ('attrs' in node) {
        const attrs = node.attrs.filter(({ name }) => !ADDED.has(name))
        lines.push(
          `${depth}<${node.tagName} ${node.namespaceURI} ${attrs.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(' ')}>`,
        )
      } else if (node.nodeName !== '#comment') lines.push(`${depth}${node.nodeName}`)
      if ('content' in node) visit((node as Tree.Template).content.childNodes, `${depth}  content `)
      if ('childNodes' in node) visit(node.childNodes, `${depth}  `)
    }
    flush()
  }
  visit(parse(html).childNodes, '')
  return lines
}

/**
 * Not among the pieces: those that claim to be of an earlier run, which are replaced; a wrong integrity, which stops the
 * run; policies of the user, which the oracle judges too; half a character, which no file holds.
 */
const pieces = PIECES.filter(
  (piece) => !/data-csp-hashes|sha384-x|content-security-policy|\uD800(?![\uDC00-\uDFFF])/i.test(piece),
)
const files = {
  'a.js': 'a()',
  'b.js': 'b()',
  's.js': 's()',
  'x.js': 'x()',
  'm.js': 'm()',
  'n.css': '',
  'p.js': '',
}

const page = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''))

const options: fc.Arbitrary<Options> = fc.record({
  scripts: fc.constantFrom('strict', 'dynamic', 'loader'),
  preset: fc.constantFrom('scripts-only', 'basic', 'tight'),
  algorithm: fc.constantFrom('sha256', 'sha384', 'sha512'),
})

/** A page that is refused is not written. */
function written(html: string, chosen: Options) {
  const result = secured(html, chosen, files)
  const [done] = result.site.pages
  // A fragment stays as it is.
  if (!done) return undefined
  const findings = [...result.site.findings, ...checkFinished(done)]
  return findings.some(({ severity }) => severity === 'error') ? undefined : result
}

describe('any page that is written', () => {
  it('parses to the same tree, but for what was inserted', () => {
    let checked = 0
    fc.assert(
      fc.property(page, fc.constantFrom('strict' as const, 'dynamic' as const), (html, scripts) => {
        const result = written(html, { scripts })
        if (!result) return
        checked++
        expect(outline(result.html)).toEqual(outline(html))
      }),
      runs(60),
    )
    expect(checked).toBeGreaterThan(10)
  })

  it('is not changed by a second run', () => {
    fc.assert(
      fc.property(page, options, (html, chosen) => {
        const result = written(html, chosen)
        if (result) expect(result.again).toBe(result.html)
      }),
      runs(60),
    )
  })

  it('lets the oracle refuse none of its scripts', () => {
    // Attributes that a policy stops and files that are not there are told by findings of their own.
    const own = /^(?:policy-|inline-script|import-map-|fence-broken|source-invalid|charset-late)/
    fc.assert(
      fc.property(page, options, (html, chosen) => {
        const result = written(html, chosen)
        if (!result) return
        expect(
          result.refusals.filter(({ code }) => own.test(code)).map(({ code, message }) => [code, message]),
        ).toEqual([])
      }),
      runs(60),
    )
  })
})
