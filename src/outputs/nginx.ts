import { escapeRegExp } from '../core/text/regexp.ts'
import type { HeaderField } from './fields.ts'
import { intendedFields, variesByPage } from './header-plan.ts'
import { mountOf, quote, serverOutput } from './snippet.ts'

const FILE = 'csp-hashes.nginx.conf'
const MAP_FILE = 'csp-hashes.map.nginx.conf'

/** nginx would expand variables in a value and has no escape for a dollar sign, so encode it. */
const literal = (value: string): string => quote(value, (text) => text.replaceAll('$', '%24'))

/** A regular expression for a served file. Allows double slashes, which `try_files $uri/` and `index` may produce. */
function keyOf(path: string): string {
  const expression = escapeRegExp(path).replaceAll('/', '/+')
  return quote(`~^${expression}$`)
}

const variableOf = (name: string): string => `$csp_hashes_${name.toLowerCase().replaceAll('-', '_')}`

const addHeader = (name: string, value: string): string => `add_header ${name} ${value} always;`

/**
 * nginx resolves `/assets/..%2fup/x.js` to `/up/x.js`, while browsers take it for a file in the directory that the
 * policy allows. So such requests are refused. `$request_uri` holds the path as it was sent.
 * @see https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if
 */
const REFUSE_ENCODED_SLASHES = 'if ($request_uri ~* "^[^?]*%(2f|5c)") { return 400; }'

const withRule = (lines: readonly string[]): string[] =>
  lines.length > 0 ? [REFUSE_ENCODED_SLASHES, ...lines] : []

/**
 * Snippets for nginx. Pages are identified by the served file, so every alias of a page gets the policy of the page.
 * @see https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
 */
export const nginx = serverOutput({
  name: 'nginx',
  limits: {
    host: 'nginx',
    field: {
      // NGX_CONF_BUFFER, which must hold a parameter with its quotes.
      characters: 4093,
      measured: ({ value }) => literal(value).slice(1, -1),
      effect: 'does not start with a parameter',
      source: 'https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c',
    },
    // A map yields only one value per header.
    joinsRepeated: false,
  },
  snippets(plan, delivery) {
    const varies = (field: HeaderField): boolean => variesByPage(plan, field)
    const lines = plan.fields.map((field) =>
      addHeader(field.name, varies(field) ? variableOf(field.name) : literal(field.value)),
    )
    const snippet = { path: FILE, lines: withRule(lines) }
    if (plan.layout !== 'per-page') return [snippet]
    const pages = new Map([...plan.pages.keys()].map((page) => [page, intendedFields(plan, page)]))
    const map = ({ name, value }: HeaderField): string[] => [
      `map $uri ${variableOf(name)} {`,
      `  default ${literal(value)};`,
      ...[...pages].map(
        ([page, fields]) =>
          `  ${keyOf(mountOf(delivery) + page)} ${literal(fields.get(name.toLowerCase()) ?? '')};`,
      ),
      '}',
    ]
    return [{ path: MAP_FILE, lines: plan.fields.filter(varies).flatMap(map) }, snippet]
  },
  notes: (snippets) => [
    ...snippets
      .filter(({ path }) => path === MAP_FILE)
      .map(({ path }) => `In http { … }: include /path/to/the/site/${path};`),
    `In server { … }, and in each location with an add_header of its own: include /path/to/the/site/${FILE};`,
  ],
})
