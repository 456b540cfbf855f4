import * as fc from 'fast-check'
import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { serialisePolicies } from '../../src/core/csp/serialise.ts'
import { parseJson, type JsonNode } from '../../src/outputs/json-file/parse.ts'
import { parsePolicyHeader } from '../../src/verify/source-list.ts'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { memorySite } from '../support/memory-site.ts'
import { policies, runs } from './arbitrary.ts'

function metasIn(html: string): string[] {
  const found: string[] = []
  const visit = (nodes: readonly Tree.ChildNode[]): void => {
    for (const node of nodes) {
      if (!('attrs' in node)) continue
      const attribute = (name: string) => node.attrs.find((one) => one.name === name)?.value
      if (attribute('http-equiv')?.toLowerCase() === 'content-security-policy')
        found.push(attribute('content') ?? '')
      visit(node.childNodes)
    }
  }
  visit(parse(html).childNodes)
  return found
}

/** The value that a tree of nodes stands for. */
function valueOf(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(valueOf)
  return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]))
}

describe('parsing undoes serialising', () => {
  it('for the policies of a header', () => {
    fc.assert(
      fc.property(policies, (given) => {
        const parsed = parsePolicyHeader(serialisePolicies(given)).map(({ directives }) =>
          [...directives].map(([name, { tokens, invalid }]) => [name, tokens, invalid]),
        )
        expect(parsed).toEqual(
          given.map(({ directives }) =>
            [...directives].map(([name, sources]) => [name, sources.map(({ expression }) => expression), []]),
          ),
        )
      }),
      runs(60),
    )
  })

  it('for the policies of a page, whatever its inline script and the directives of the user', () => {
    const url = fc.constantFrom(
      'https://a.test/&amp',
      'https://a.test/?a=1&lt=2',
      'https://a.test/%3B%2C',
      'data:',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(url), (script, sources) => {
        const html = `<!doctype html><script>${script.replaceAll('<', '\\x3c')}</script>`
        const options = resolveOptions({ directives: { 'img-src': sources } })
        const [page] = secureSite(memorySite({ 'index.html': html }), options).pages
        expect(metasIn(page?.html ?? '')).toEqual(page?.policies.map((policy) => serialisePolicies([policy])))
      }),
      runs(60),
    )
  })

  it('for JSON, and each node is what stands at its place', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent)
        const root = parseJson(text)
        expect(valueOf(root)).toEqual(JSON.parse(text))
        const check = (node: JsonNode): void => {
          expect(JSON.parse(text.slice(node.start, node.end))).toEqual(valueOf(node))
          if (node.kind === 'array') node.items.forEach(check)
          if (node.kind === 'object') for (const { value } of node.members) check(value)
        }
        check(root)
      }),
      runs(60),
    )
  })
})
