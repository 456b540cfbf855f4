import { describe, expect, it } from 'vitest'
import { serialisePolicies, serialisePolicy } from '../../../src/core/csp/serialise.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { observatoryVerdict } from '../../../src/cli/report/observatory.ts'
import type { Policy } from '../../../src/core/site/model.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { memorySite } from '../../support/memory-site.ts'

/** What is used of Mozilla's scorer, which has no types. */
interface Scorer {
  contentSecurityPolicyTest(requests: unknown): { readonly result: string; readonly pass: boolean }
}
interface Grader {
  getScoreModifier(result: string): number
}

const load = (path: string): Promise<unknown> => import(`@mdn/mdn-http-observatory/src/${path}.js`)
const { contentSecurityPolicyTest } = (await load('analyzer/tests/csp')) as Scorer
const { getScoreModifier } = (await load('grader/grader')) as Grader

function resultOf(header: string | undefined, metas: readonly string[] = []): string {
  const name = 'content-security-policy'
  const { result } = contentSecurityPolicyTest({
    responses: {
      auto: {
        headers: Object.assign(new Map(), header !== undefined && { [name]: header }),
        httpEquiv: new Map([[name, metas]]),
      },
    },
    session: { url: new URL('https://site.example/') },
  })
  return result
}
const scoreOf = (header: string): number => getScoreModifier(resultOf(header))

const FILES = {
  'index.html':
    '<!doctype html><head><script>1</script><style>p{}</style><link rel="stylesheet" href="/assets/index-C9C0AXsO.css">' +
    '<script type="module" src="/assets/index-B4d0Xy12.js"></script></head><img src="/i.png">',
  'assets/index-B4d0Xy12.js': 'fetch("/x")',
  'assets/index-C9C0AXsO.css': 'p{background:url(/p.png)}',
}

const policiesOf = (options: Options): readonly Policy[] =>
  secureSite(memorySite(FILES), resolveOptions(options)).pages[0]?.policies ?? []
const headerOf = (options: Options): string => serialisePolicies(policiesOf(options))

describe("Mozilla's HTTP Observatory scores the header", () => {
  const cases = (['strict', 'dynamic', 'loader'] as const).flatMap((scripts) => [
    { scripts, preset: 'scripts-only' as const, score: 0 },
    { scripts, preset: 'basic' as const, score: 5 },
    { scripts, preset: 'tight' as const, score: 10 },
  ])

  it.each(cases)('$preset, $scripts: $score', ({ score, ...options }) => {
    expect(scoreOf(headerOf(options))).toBe(score)
  })

  it('of a policy that lets every script run as unsafe', () => {
    expect(scoreOf("script-src * 'unsafe-inline'")).toBeLessThan(0)
  })
})

describe('the verdict of the report is that of the Observatory', () => {
  const shapes = ['strict', 'dynamic', 'loader'] as const
  const presets = ['scripts-only', 'basic', 'tight'] as const
  const extras: readonly Options[] = [
    {},
    { fence: false },
    { origin: 'http://intranet.example:*' },
    { origin: 'http://intranet.example:*', fence: false },
    { external: { 'https://cdn.example/x/': true } },
    { directives: { 'script-src': ["'unsafe-eval'"] } },
    { directives: { 'script-src': false } },
    { directives: { 'script-src': false, 'object-src': false } },
    { directives: { 'object-src': '*' } },
    { directives: { 'style-src': ["'unsafe-inline'"] } },
    { directives: { 'style-src': ["'unsafe-eval'", 'https:'] } },
    { directives: { 'img-src': ['http://images.example', 'data:'] } },
    { directives: { 'connect-src': ['http://api.example'] } },
    { directives: { 'default-src': "'none'" } },
    { directives: { 'default-src': ["'self'", 'https:'] } },
  ]
  const cases = shapes.flatMap((scripts) =>
    presets.flatMap((preset) => extras.map((extra) => ({ scripts, preset, ...extra }))),
  )

  it.each(cases)('%j', (options) => {
    const header = headerOf(options)
    const result = resultOf(header)
    expect(observatoryVerdict([header])).toEqual({ result, points: getScoreModifier(result) })
    const metas = policiesOf(options).map(serialisePolicy)
    expect(observatoryVerdict(metas).result).toBe(resultOf(undefined, metas))
  })

  it('of no policy', () => {
    expect(observatoryVerdict([]).result).toBe(resultOf(undefined))
  })

  it('tells apart all that policies can be', () => {
    const results = new Set(cases.map((one) => observatoryVerdict([headerOf(one)]).result))
    expect(results.size).toBeGreaterThan(6)
  })
})
