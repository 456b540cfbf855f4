import { finding } from '../findings/index.ts'
import { isHashOrNonce } from '../csp/source-expression.ts'
import { deciding, enforced, type Rule, type RulePage } from './rule.ts'

const WEAK: Readonly<Record<string, string>> = {
  "'unsafe-inline'": 'scripts that are injected into the page run',
  "'unsafe-eval'": 'text that reaches eval runs as a script',
  '*': 'scripts of every origin run',
  'data:': 'whoever can inject a tag can write the script into its URL',
  'blob:': 'scripts that are made at run time run',
  'http:': 'scripts of every origin run, and anyone on the way can change them',
  'https:': 'scripts of every https origin run',
  'filesystem:': 'scripts that are made at run time run',
}
const SCRIPT_DIRECTIVES = [
  'default-src',
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'worker-src',
] as const

/** What another finding of this page advised is not told again. */
function isObeyed({ scripts }: RulePage, expression: string): boolean {
  if (expression === "'unsafe-eval'") return scripts.some(({ traits }) => traits.evals.length > 0)
  return expression === 'blob:' && scripts.some(({ traits }) => traits.features.has('script-blob'))
}

/**
 * `directives: { 'script-src': ['data:'] }`: a source of the user's that undoes what the hashes protect.
 * @see https://www.w3.org/TR/CSP3/#security-considerations
 */
export const sourceWeak: Rule = (page) =>
  SCRIPT_DIRECTIVES.flatMap((directive) => {
    const sources = enforced(page)?.directives.get(directive) ?? []
    const strict = sources.some(({ expression }) => expression === "'strict-dynamic'")
    const hashed = sources.some(({ expression }) => isHashOrNonce(expression))
    if (directive === 'default-src' && deciding(page, 'script-src')?.directive !== 'default-src') return []
    return sources.flatMap(({ expression, reason }) => {
      const why = WEAK[expression]
      if (reason.kind !== 'option' || why === undefined) return []
      if (directive === 'worker-src' && expression !== '*' && expression !== 'data:') return []
      if (isObeyed(page, expression)) return []
      // What a hash or 'strict-dynamic' makes browsers ignore weakens nothing, here.
      const idle = expression === "'unsafe-inline'" ? hashed : strict && expression !== "'unsafe-eval'"
      return idle ? [] : [finding('source-weak', { directive, source: expression, why })]
    })
  })

/** `directives: { 'script-src': false }`: whatever is left decides, and it knows no hashes. */
export const scriptSrcRemoved: Rule = (page) => {
  if (page.settings.directives.get('script-src') !== false) return []
  const decider = deciding(page, 'script-src')
  return [
    finding('script-src-removed', { decider: decider ? `${decider.directive} decides` : 'nothing decides' }),
  ]
}
