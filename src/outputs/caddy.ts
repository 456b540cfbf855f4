import type { HeaderField } from './fields.ts'
import { type HeaderPlan, intendedFields, variesByPage } from './header-plan.ts'
import { ownPaths } from './request-paths.ts'
import { mountOf, quote, serverOutput } from './snippet.ts'

const FILE = 'csp-hashes.caddy'

/** Caddy would expand placeholders in a value, so encode the braces. */
const literal = (value: string): string =>
  quote(value, (text) => text.replaceAll('{', '%7B').replaceAll('}', '%7D'))

/**
 * Maps request paths to the values of a header. Only a map can give each page its own value and every other path the
 * union: Caddy sorts `header` lines by their matchers, and does not apply defaults (`?Name`) to error pages.
 */
function mapOf({ name, value }: HeaderField, plan: HeaderPlan, mount: string): string[] {
  const own = [...ownPaths([...plan.pages.keys()])].map(([path, page]) => {
    const policy = intendedFields(plan, page).get(name.toLowerCase()) ?? ''
    return `  ${quote(mount + decodeURIComponent(path.slice(1)))} ${literal(policy)}`
  })
  return [`map {path} {${variableOf(name)}} {`, ...own, `  default ${literal(value)}`, '}']
}

const variableOf = (name: string): string => `csp_hashes_${name.toLowerCase().replaceAll('-', '_')}`

/**
 * Caddy resolves `/assets/..%2fup/x.js` to `/up/x.js`, while browsers take it for a file in the directory that the
 * policy allows. So such requests are rewritten to a path that does not exist. A `respond` would come too late if a
 * `handle` block answers first; rewrites run before all `handle` blocks.
 * @see https://caddyserver.com/docs/caddyfile/directives#directive-order
 */
const REFUSE_ENCODED_SLASHES: readonly string[] = [
  '@csp_hashes_encoded_slash expression `{http.request.orig_uri}.matches("(?i)^[^?]*%(2f|5c)")`',
  'rewrite @csp_hashes_encoded_slash /.csp-hashes/encoded-slash',
]

/**
 * A snippet for a Caddyfile. Caddy matches the request path; paths that are not listed get the union.
 * @see https://caddyserver.com/docs/caddyfile/directives/header
 */
export const caddy = serverOutput({
  name: 'caddy',
  limits: { host: 'Caddy', joinsRepeated: false },
  snippets(plan, delivery) {
    const lines = plan.fields.flatMap((field) =>
      variesByPage(plan, field)
        ? [...mapOf(field, plan, mountOf(delivery)), `header ${field.name} {${variableOf(field.name)}}`]
        : [`header ${field.name} ${literal(field.value)}`],
    )
    return [{ path: FILE, lines: lines.length > 0 ? [...REFUSE_ENCODED_SLASHES, ...lines] : [] }]
  },
  notes: () => [`In the site's block of the Caddyfile: import /path/to/the/site/${FILE}`],
})
