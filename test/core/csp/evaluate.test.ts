import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { buildPolicies } from '../../../src/core/csp/policy.ts'
import { serialisePolicy } from '../../../src/core/csp/serialise.ts'
import { resolveOptions } from '../../../src/options.ts'
import type { Source } from '../../../src/core/site/model.ts'

const require = createRequire(import.meta.url)
const { CspEvaluator } = require('csp_evaluator') as {
  CspEvaluator: new (csp: unknown) => { evaluate(): { severity: number; description: string }[] }
}
const { CspParser } = require('csp_evaluator/dist/parser.js') as {
  CspParser: new (policy: string) => { csp: unknown }
}

/** What the evaluator calls a problem: advice is above. */
const TOLD = 40

function objections(policy: string): string[] {
  return new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity <= TOLD)
    .map(({ description }) => description)
}

const source = (expression: string): Source => ({ expression, reason: { kind: 'shape', shape: 'strict' } })
const HASH = source(`'sha384-${'A'.repeat(64)}'`)
const LOCATIONS = [
  [],
  [source("'self'")],
  [source('https://*:*/assets/'), source('*:*/assets/'), source('localhost:*/assets/')],
]

const CASES = (['strict', 'dynamic', 'loader'] as const).flatMap((scripts) =>
  (['scripts-only', 'basic', 'tight'] as const).flatMap((preset) =>
    [true, false].map((fence) => ({ scripts, preset, fence })),
  ),
)

describe('policies that are made without the user, which are not evaluated in a build', () => {
  it.each(CASES)('$scripts, $preset, fence $fence: the evaluator has no objection', (options) => {
    for (const inlineScripts of [[], [HASH]]) {
      for (const scriptFiles of [[], [HASH]]) {
        for (const scriptLocations of LOCATIONS) {
          const facts = { inlineScripts, scriptFiles, scriptLocations, foreignScripts: [] }
          const [main] = buildPolicies(facts, resolveOptions(options))
          expect(objections(serialisePolicy(main!))).toEqual([])
        }
      }
    }
  })

  it('the same evaluator objects to a policy without a base', () => {
    expect(objections("script-src 'self'")).not.toEqual([])
  })
})
