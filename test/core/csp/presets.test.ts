import { CspEvaluator } from 'csp_evaluator'
import { Severity } from 'csp_evaluator/dist/finding.js'
import {
  evaluateForFailure,
  evaluateForSyntaxErrors,
  evaluateForWarnings,
} from 'csp_evaluator/dist/lighthouse/lighthouse_checks.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { describe, expect, it } from 'vitest'
import { serialisePolicies, serialisePolicy } from '../../../src/core/csp/serialise.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { memorySite } from '../../support/memory-site.ts'

const PRESETS = ['scripts-only', 'basic', 'tight'] as const
const SHAPES = ['strict', 'dynamic', 'loader'] as const

const SITES = {
  app: {
    'index.html':
      '<!doctype html><head><base href="/"><script>1</script><style>p{background:url(data:image/png;base64,AA)}</style>' +
      '<link rel="stylesheet" href="/assets/index-C9C0AXsO.css"><script type="module" src="/assets/index-B4d0Xy12.js"></script></head><form action="https://pay.test/"></form>',
    'assets/index-B4d0Xy12.js':
      'WebAssembly.instantiate(b);new Worker(URL.createObjectURL(new Blob([c])));fetch("/x");let f="data:font/woff2;base64,AA"',
    'assets/index-C9C0AXsO.css':
      '@import "https://fonts.test/a.css";@font-face{src:url(https://fonts.test/a.woff2)}',
  },
  'external scripts alone': {
    'index.html': '<!doctype html><script src="/assets/index-B4d0Xy12.js"></script>',
    'assets/index-B4d0Xy12.js': '1',
  },
  'no scripts': { 'index.html': '<!doctype html><p>Text</p>' },
}

const policies = (files: Record<string, string>, options: Options = {}) =>
  secureSite(memorySite(files), resolveOptions(options)).pages[0]?.policies ?? []

const cases = PRESETS.flatMap((preset) =>
  SHAPES.flatMap((scripts) =>
    Object.entries(SITES).flatMap(([name, files]) => [
      { preset, scripts, name, files, more: {} },
      {
        preset,
        scripts,
        name: `${name}, all options`,
        files,
        more: { unsafeHashes: true, trustedTypes: true },
      },
    ]),
  ),
)

describe.each(cases)('$preset, $scripts: $name', ({ preset, scripts, files, more }) => {
  const all = policies(files, { preset, scripts, ...more })
  const parsed = all.map((policy) => new CspParser(serialisePolicy(policy)).csp)

  it('gives CSP Evaluator nothing to object to', () => {
    const findings = new CspEvaluator(parsed[0]!).evaluate()
    expect(findings.filter(({ severity }) => severity !== Severity.NONE)).toEqual([])
  })

  it('passes what Lighthouse looks at, alone and with the fence', () => {
    for (const seen of [parsed, parsed.slice(0, 1)]) {
      expect(evaluateForFailure(seen)).toEqual([])
      expect(evaluateForWarnings(seen)).toEqual([])
      expect(evaluateForSyntaxErrors(seen).flat()).toEqual([])
    }
  })
})

describe('the policies of the guides', () => {
  const inline = { 'index.html': '<!doctype html><script>1</script><link rel="icon" href="data:,">' }

  it('basic without script-src', () => {
    const own = {
      'index.html':
        '<!doctype html><link rel="stylesheet" href="/a-B4d0Xy12.css"><script src="/a-B4d0Xy12.js"></script>',
      'a-B4d0Xy12.js': 'fetch("/x")',
      'a-B4d0Xy12.css': 'p{background:url(/p.png)}',
    }
    const options: Options = { preset: 'basic', directives: { 'script-src': false, 'base-uri': false } }
    expect(serialisePolicies(policies(own, options))).toBe(
      "default-src 'self'; frame-ancestors 'self'; form-action 'self'; object-src 'none'",
    )
  })

  it("default-src 'none' over the strict policy", () => {
    const options: Options = { scripts: 'dynamic', directives: { 'default-src': "'none'" } }
    // openssl dgst -sha384 -binary | base64, of 1
    const hash = 'R/BdNnsMMuQ4+2Pmz0pfNcKqL5DcdUP4pBoPlc6KQKMTq1zzYTSiBoxMlpy1Dbd2'
    expect(serialisePolicies(policies(inline, options))).toBe(
      `default-src 'none'; script-src 'sha384-${hash}' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; base-uri 'none'`,
    )
  })
})
