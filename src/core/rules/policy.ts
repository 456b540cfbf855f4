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
/** Hosts where anyone can publish, with the paths below which they can. */
const ANYBODY =
  /^(?:https?:\/\/)?(?:unpkg\.com|esm\.sh|esm\.run|cdn\.skypack\.dev|ga\.jspm\.io|jspm\.dev|raw(?:cdn)?\.githack\.com|raw\.githubusercontent\.com|cdn\.statically\.io|cdn\.jsdelivr\.net)(?::\d+)?(?:\/(?:npm|gh|combine)?)?\/?$/i
/** `*` with a port or a path. {@link OWN_MACHINE} matches the visitor's own machine. */
const ANY_HOST = /^(?:[a-z][a-z0-9+.-]*:\/\/)?\*(?:[:/].*)?$/i
const OWN_MACHINE = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:localhost|127(?:\.\d+){3})(?:[:/].*)?$/i

const OWN_FILE = "for a file of your own site there is external: { '/path/to/it.js': true }"

/** The danger of a source in `script-src-elem`, which is also in the fence; `undefined` if there is none. */
function openness(expression: string): string | undefined {
  if (expression === "'self'") return 'every file of the site runs as a script, uploads among them'
  if (ANY_HOST.test(expression))
    return `every host may serve such a script, since the source stands in the fence as well; ${OWN_FILE}`
  if (OWN_MACHINE.test(expression))
    return `whatever listens on the visitor's machine may serve such a script; ${OWN_FILE}`
  if (ANYBODY.test(expression)) return 'anybody can publish scripts there'
  return undefined
}

const SCRIPT_DIRECTIVES = [
  'default-src',
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'worker-src',
] as const

/** Whether the user followed the advice of another finding, so that the source is not reported again. */
function isObeyed({ scripts }: RulePage, expression: string): boolean {
  if (expression === "'unsafe-eval'") return scripts.some(({ traits }) => traits.evals.length > 0)
  return (
    expression === 'blob:' &&
    scripts.some(({ traits }) => traits.features.has('script-blob') || traits.features.has('module-blob'))
  )
}

/**
 * `directives: { 'script-src': ['data:'] }`: a source of the user's that defeats the protection by hashes.
 * @see https://www.w3.org/TR/CSP3/#security-considerations
 */
export const sourceWeak: Rule = (page) =>
  SCRIPT_DIRECTIVES.flatMap((directive) => {
    const sources = enforced(page)?.directives.get(directive) ?? []
    const strict = sources.some(({ expression }) => expression === "'strict-dynamic'")
    const hashed = sources.some(({ expression }) => isHashOrNonce(expression))
    if (directive === 'default-src' && deciding(page, 'script-src')?.directive !== 'default-src') return []
    return sources.flatMap(({ expression, reason }) => {
      const why = WEAK[expression] ?? (directive === 'script-src-elem' ? openness(expression) : undefined)
      if (reason.kind !== 'option' || why === undefined) return []
      if (directive === 'worker-src' && expression !== '*' && expression !== 'data:') return []
      if (isObeyed(page, expression)) return []
      // Browsers ignore this source because of a hash or 'strict-dynamic', so it weakens nothing.
      const idle = expression === "'unsafe-inline'" ? hashed : strict && expression !== "'unsafe-eval'"
      return idle ? [] : [finding('source-weak', { directive, source: expression, why })]
    })
  })

/**
 * `directives: { 'script-src': false }`: the fallback directive then applies to scripts, and it contains no
 * hashes.
 */
export const scriptSrcRemoved: Rule = (page) => {
  if (page.settings.directives.get('script-src') !== false) return []
  const decider = deciding(page, 'script-src')
  return [
    finding('script-src-removed', { decider: decider ? `${decider.directive} decides` : 'nothing decides' }),
  ]
}

/**
 * `fence: false`, `directives: { 'script-src-elem': false }`: removes a part of the strict policy.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-elem
 */
export const sealRemoved: Rule = ({ settings, page }) => {
  const { scripts, fence, directives } = settings
  if (scripts !== 'strict' || directives.get('script-src') === false) return []
  if (!page.resources.some(({ kind }) => kind === 'inline-script' || kind === 'external-script')) return []
  const own = 'a script tag can load every file of the site, uploads among them'
  return [
    ...(fence ? [] : [finding('seal-removed', { option: 'fence: false', effect: own })]),
    ...(directives.get('script-src-elem') === false
      ? [finding('seal-removed', { option: "directives: { 'script-src-elem': false }", effect: own })]
      : []),
  ]
}
