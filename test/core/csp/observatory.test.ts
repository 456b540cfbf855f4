import { describe, expect, it } from 'vitest'
import { serialisePolicies } from '../../../src/core/csp/serialise.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
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

function scoreOf(header: string): number {
  const headers = { 'content-security-policy': header }
  const { result } = contentSecurityPolicyTest({
    responses: { auto: { headers } },
    session: { url: new URL('https://site.example/') },
  })
  return getScoreModifier(result)
}

const FILES = {
  'index.html':
    '<!doctype html><head><script>1</script><style>p{}</style><link rel="stylesheet" href="/assets/index-C9C0AXsO.css">' +
    '<script type="module" src="/assets/index-B4d0Xy12.js"></script></head><img src="/i.png">',
  'assets/index-B4d0Xy12.js': 'fetch("/x")',
  'assets/index-C9C0AXsO.css': 'p{background:url(/p.png)}',
}

const headerOf = (options: Options): string =>
  serialisePolicies(secureSite(memorySite(FILES), resolveOptions(options)).pages[0]?.policies ?? [])

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
