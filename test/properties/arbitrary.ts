import * as fc from 'fast-check'
import type { Policy } from '../../src/core/site/model.ts'
import { hashOf, policy } from '../outputs/policies.ts'

const expression = fc.oneof(
  fc.string().map((text) => hashOf(text)),
  fc.constantFrom(
    "'self'",
    "'strict-dynamic'",
    "'unsafe-inline'",
    'https:',
    'data:',
    'blob:',
    '*',
    'https://*:*/assets/',
    '*.cdn.test:8443',
    'https://a.test/x%3By%2Cz/$1/{b}/%20/~',
    'wss://socket.test',
  ),
)

const NAMES = ['default-src', 'script-src', 'script-src-elem', 'style-src', 'img-src', 'connect-src'] as const

const sources = fc.uniqueArray(expression, { minLength: 1, maxLength: 6 })

/** A main policy and a fence, of any sources. */
export const policies: fc.Arbitrary<Policy[]> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), sources), {
      minLength: 1,
      selector: ([name]) => name,
    }),
    sources,
  )
  .map(([main, fence]) => [
    policy(Object.fromEntries(main.map(([name, list]) => [name, list.join(' ')]))),
    policy({ 'script-src-elem': fence.join(' ') }, { role: 'fence' }),
  ])

const seed = Number(process.env['SEED'] ?? 2_026_11)

/** The same cases in every run; `SEED` asks for others, and `RUNS=20` for twenty times as many. */
export const runs = (count: number): fc.Parameters<unknown> => ({
  seed,
  numRuns: count * Number(process.env['RUNS'] ?? 1),
})
