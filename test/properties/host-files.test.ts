import { parseAllHeaders } from '@netlify/headers-parser'
import * as fc from 'fast-check'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Policy } from '../../src/core/site/model.ts'
import { serialisePolicies } from '../../src/core/csp/serialise.ts'
import { mergeRules } from '../../src/outputs/headers-file/merge.ts'
import { OUTPUTS } from '../../src/outputs/index.ts'
import { withoutRegions } from '../../src/outputs/marked-lines.ts'
import type { Delivered } from '../../src/outputs/output.ts'
import { requestPaths } from '../../src/outputs/request-paths.ts'
import { hostFileOf } from '../../src/verify/hosts/index.ts'
import { deliveryOf } from '../outputs/policies.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { policies, runs } from './arbitrary.ts'

const HOSTS = [
  'netlify',
  'cloudflare',
  'vercel',
  'firebase',
  'azure',
  'nginx',
  'apache',
  'caddy',
  'cloudfront',
  'static-web-server',
] as const
const JSON_HOSTS = {
  vercel: 'vercel.json',
  firebase: 'firebase.json',
  azure: 'staticwebapp.config.json',
} as const

const PAGES = [
  'index.html',
  'about.html',
  'blog/index.html',
  'a b.html',
  'café.html',
  "it's.html",
  '100%.html',
  '$1.html',
  'a+b(c).html',
]

const pages = fc.uniqueArray(fc.tuple(fc.constantFrom(...PAGES), policies), {
  minLength: 1,
  maxLength: 4,
  selector: ([path]) => path,
})

const deliver = (
  name: (typeof HOSTS)[number],
  given: readonly (readonly [string, Policy[]])[],
  own: Readonly<Record<string, string>> = {},
): Delivered =>
  OUTPUTS[name].deliver(
    deliveryOf({
      layout: 'per-page',
      outputs: [name],
      pages: given.map(([path, policies]) => ({ path, policies })),
      siteFiles: own,
      projectFiles: own,
    }),
  )

const failed = ({ findings = [] }: Delivered): boolean =>
  findings.some(({ severity }) => severity === 'error')

/**
 * JSON has no comments, so an empty directive marks what was generated there; characters that mean something in the files
 * of servers are percent-encoded, which is the same source to a browser.
 */
const plain = (value: string): string =>
  value.replace(/^; /, '').replaceAll('%24', '$').replaceAll('%7B', '{').replaceAll('%7D', '}')

describe('a file of a host', () => {
  it.each(HOSTS)('read back by the reader of %s gives each page the policies that went in', (name) => {
    let checked = 0
    fc.assert(
      fc.property(pages, (given) => {
        const delivered = deliver(name, given, { 'firebase.json': '{ "hosting": {} }' })
        if (failed(delivered)) return
        const host = hostFileOf(name)!
        const reading = host.read((file) => delivered.files?.find(({ path }) => path === file)?.content, '/')
        for (const [page, policies] of given) {
          for (const path of requestPaths(page)) {
            const sent = reading
              .headers({ path, file: page })
              .filter(([header]) => /^content-security-policy$/i.test(header))
              .map(([, value]) => plain(value))
            if (sent.length === 0) continue
            checked++
            expect(sent.join(', ')).toBe(serialisePolicies(policies))
          }
        }
      }),
      runs(25),
    )
    expect(checked).toBeGreaterThan(10)
  })

  const directory = makeDirectory('properties')
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it("read by Netlify's own parser gives each page the policies that went in", async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        const delivered = deliver('netlify', given)
        const text = delivered.files?.[0]?.content
        if (failed(delivered) || text === undefined) return
        writeTree(directory, { _headers: text })
        const { headers, errors } = await parseAllHeaders({
          headersFiles: [join(directory, '_headers')],
          configHeaders: [],
          minimal: true,
        } as never)
        expect(errors).toEqual([])
        const sent = new Map(headers.map(({ for: path, values }) => [path, values]))
        for (const [page, policies] of given) {
          const values = sent.get(requestPaths(page).at(-1)!) as Record<string, string> | undefined
          expect(
            Object.entries(values ?? {}).find(([name]) => /^content-security-policy$/i.test(name))?.[1],
          ).toBe(serialisePolicies(policies))
        }
      }),
      runs(25),
    )
  })
})

describe('merging keeps every byte of the user', () => {
  const rule = fc.record({
    pattern: fc.constantFrom('/*', '/about', '/blog/', '/caf%C3%A9'),
    lines: fc.array(fc.constantFrom('X-A: 1', '! X-A', 'Content-Security-Policy: a'), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  const rules = fc.uniqueArray(rule, { selector: ({ pattern }) => pattern })
  const line = fc.oneof(
    fc.constantFrom('/*', '/about', ' /about/', '/café', '  X-B: 1', '\tX-B:2', '# a', '', '   ', 'X-C'),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  const text = fc
    .tuple(fc.constantFrom('', '\uFEFF'), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))), line)
    .map(([start, lines, last]) => start + lines.flat().join('') + last)

  it('in _headers', () => {
    fc.assert(
      fc.property(text, rules, rules, (own, first, second) => {
        const merged = mergeRules(own, first)
        expect(withoutRegions(merged)).toBe(own)
        expect(mergeRules(merged, second)).toBe(mergeRules(own, second))
      }),
      runs(100),
    )
  })

  /** What a user may have in the file beside rules. */
  const json = fc
    .tuple(
      fc.dictionary(fc.constantFrom('a', '"', 'café', '\n', 'toString'), fc.jsonValue({ maxDepth: 2 })),
      fc.constantFrom(undefined, [], [{ source: '/x', headers: [{ key: 'X-A', value: '1' }] }]),
      fc.constantFrom(0, 2, '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '\uFEFF'),
    )
    .map(([rest, headers, indent, lineBreak, start]) => {
      const value = { ...rest, ...(headers && { headers }), z: [] }
      return start + JSON.stringify(value, undefined, indent).replaceAll('\n', lineBreak)
    })

  it('in vercel.json, where one place alone is inserted', () => {
    fc.assert(
      fc.property(json, pages, pages, (own, first, second) => {
        const delivered = deliver('vercel', first, { [JSON_HOSTS.vercel]: own })
        if (failed(delivered)) return
        const merged = delivered.files![0]!.content
        let before = 0
        while (before < own.length && own[before] === merged[before]) before++
        let behind = 0
        while (behind < own.length - before && own.at(-1 - behind) === merged.at(-1 - behind)) behind++
        expect(before + behind).toBe(own.length)
        const again = deliver('vercel', second, { [JSON_HOSTS.vercel]: merged })
        const once = deliver('vercel', second, { [JSON_HOSTS.vercel]: own })
        if (!failed(again) && !failed(once)) expect(again.files).toEqual(once.files)
      }),
      runs(50),
    )
  })
})
