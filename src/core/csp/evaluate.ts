import { createRequire } from 'node:module'
import { type Finding, finding } from '../findings/index.ts'
import type { Policy } from '../site/model.ts'
import { serialisePolicy } from './serialise.ts'

/** The part of Google's csp_evaluator that is used here. @see https://github.com/google/csp-evaluator */
interface Evaluator {
  readonly CspEvaluator: new (csp: unknown) => { evaluate(): readonly Objection[] }
}
interface Parser {
  readonly CspParser: new (policy: string) => { readonly csp: { directives: Record<string, string[]> } }
}
interface Objection {
  readonly severity: number
  readonly directive: string
  readonly value?: string
  readonly description: string
}

/** Severities of csp_evaluator: HIGH 10, SYNTAX 20, MEDIUM 30, HIGH_MAYBE 40; higher numbers are advice only. */
const FAILS = 20
const TOLD = 40

const HASH = /'(sha256|sha384|sha512)-[^']+'/g
const NONCE = /'nonce-[^']*'/g
/** A nonce of the right form; the evaluator does not look at its value. */
const SOME_NONCE = "'nonce-c29tZSByYW5kb20gbm9uY2U='"

/** The evaluator's parser searches all earlier sources for each source (quadratic time), so long lists are split. */
const AT_ONCE = 100

/** The evaluator judges policies alike that differ only in their hashes, so hashes are removed before comparing. */
function withoutHashes(policy: string): string {
  const seen = new Set<string>()
  return policy
    .replace(NONCE, SOME_NONCE)
    .split('; ')
    .map((directive) => {
      seen.clear()
      return directive
        .replace(HASH, "'$1-AAAA'")
        .split(' ')
        .filter((one) => !one.startsWith("'sha") || (!seen.has(one) && seen.add(one)))
        .join(' ')
    })
    .join('; ')
}

const OWN_REASONS: ReadonlySet<string> = new Set(['inline', 'file', 'directory', 'shape', 'preset'])

/**
 * Whether a policy contains nothing that the user added. The evaluator has no objection to such policies
 * (test/rules/evaluate.test.ts), and loading it takes longer than everything else that a small build does for its
 * policy.
 */
function isOwn({ directives }: Policy): boolean {
  return (
    ['script-src', 'object-src', 'base-uri'].every((name) => directives.has(name)) &&
    [...directives.values()].flat().every(({ reason }) => OWN_REASONS.has(reason.kind))
  )
}

/**
 * Runs csp_evaluator on every main policy to which the user added something, once per distinct policy. The
 * evaluator is loaded only when there is a policy to judge.
 */
export class Evaluation {
  private readonly judged = new Map<string, readonly Finding[]>()
  private evaluator: (Evaluator & Parser) | undefined

  /** The evaluator's objections to the main policies. */
  objections(policies: readonly Policy[]): Finding[] {
    return policies
      .filter((policy) => policy.role === 'main' && !isOwn(policy))
      .flatMap((policy) => {
        const text = withoutHashes(serialisePolicy(policy))
        const findings = this.judged.get(text) ?? this.judge(text)
        this.judged.set(text, findings)
        return findings
      })
  }

  private judge(policy: string): Finding[] {
    const { CspEvaluator, CspParser } = (this.evaluator ??= load())
    const told = new Map<string, Finding>()
    for (const { severity, directive, value, description } of new CspEvaluator(
      parsed(policy, CspParser),
    ).evaluate()) {
      if (severity > TOLD) continue
      const found = finding('evaluator', { text: description, directive, source: value ?? '' })
      told.set(
        `${directive} ${value} ${description}`,
        severity <= FAILS ? found : { ...found, severity: 'warn' },
      )
    }
    return [...told.values()]
  }
}

function parsed(policy: string, CspParser: Parser['CspParser']): unknown {
  const { csp } = new CspParser('')
  for (const directive of policy.split('; ')) {
    const [name = '', ...sources] = directive.split(' ')
    for (let at = 0; at === 0 || at < sources.length; at += AT_ONCE) {
      const part = new CspParser([name, ...sources.slice(at, at + AT_ONCE)].join(' ')).csp
      for (const [known, values] of Object.entries(part.directives)) {
        csp.directives[known] ??= []
        csp.directives[known].push(...values)
      }
    }
  }
  return csp
}

function load(): Evaluator & Parser {
  const require = createRequire(import.meta.url)
  // These two files are the entry points that the README documents: the package's main file exports no parser.
  const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js') as Evaluator
  const { CspParser } = require('csp_evaluator/dist/parser.js') as Parser
  return { CspEvaluator, CspParser }
}
