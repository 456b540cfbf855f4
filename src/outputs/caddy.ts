import type { HeaderField } from './fields.ts'
import { type HeaderPlan, intendedFields, variesByPage } from './header-plan.ts'
import { ownPaths } from './request-paths.ts'
import { mountOf, quote, serverOutput } from './snippet.ts'

const FILE = 'csp-hashes.caddy'

/** Caddy would put placeholders into a value. */
const literal = (value: string): string =>
  quote(value, (text) => text.replaceAll('{', '%7B').replaceAll('}', '%7D'))

/**
 * A variable for each header, by request path. Caddy sorts `header` lines by their matchers, and sets defaults (`?Name`)
 * on no error page: only a map gives a page its own value and everything else the union.
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
 * Caddy takes `/assets/..%2fup/x.js` for `/up/x.js`, and browsers for a file of the directory that the policy allows. To
 * answer comes too late where a `handle` block does; a rewrite comes before all of them.
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
