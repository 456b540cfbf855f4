import type { HostLimits } from '../limits.ts'
import { compilePattern } from '../../bounded/pattern.ts'
import { escapeRegExp } from '../../core/text/regexp.ts'
import { patternKey } from './blocks.ts'

/** A host that reads a `_headers` file. */
export interface HeadersFileHost {
  /** Name of the output for the host. */
  readonly name: string
  readonly limits: HostLimits
  /** True if a rule with this path pattern applies to a request. */
  matches(pattern: string, requestPath: string): boolean
}

const SOURCE = 'https://developers.cloudflare.com/workers/static-assets/headers/'
const LINE = 2000

/** Case-sensitive. Cloudflare skips rules with two wildcards, or with the same placeholder twice. */
function cloudflareMatches(pattern: string, requestPath: string): boolean {
  const path = patternKey(pattern).replace(/^https:\/\/+[^/]+/, '')
  const parts = path.split(/(\*|:[A-Za-z]\w*)/)
  const names = parts.filter((_, index) => index % 2 === 1)
  if (new Set(names).size < names.length) return false
  const source = parts.map((part, index) =>
    index % 2 === 0 ? escapeRegExp(part) : part === '*' ? '.*' : '[^/]+',
  )
  return compilePattern(`^${source.join('')}$`)?.test(requestPath) ?? false
}

/** Ignores case and a trailing slash. A `*` that is a whole segment also matches no segment. */
function netlifyMatches(pattern: string, requestPath: string): boolean {
  const segments = pattern
    .split('/')
    .map((segment) => segment.trimEnd())
    .filter((segment) => segment !== '')
    .map((segment) => {
      if (segment.startsWith(':')) return '/[^/]+'
      if (segment === '*') return '/?.*'
      return `/${segment.split(/\*+/).map(escapeRegExp).join('.*')}`
    })
  return compilePattern(`^${segments.join('')}/?$`, 'iu')?.test(requestPath) ?? false
}

export const cloudflareHost: HeadersFileHost = {
  name: 'cloudflare',
  limits: {
    host: 'Cloudflare',
    field: {
      characters: LINE,
      measured: ({ name, value }) => `  ${name}: ${value}`,
      effect: 'drops every line, and so leaves pages without a policy,',
      source: SOURCE,
    },
    rules: { count: 100, source: SOURCE },
    joinsRepeated: true,
  },
  matches: cloudflareMatches,
}

export const netlifyHost: HeadersFileHost = {
  name: 'netlify',
  // Netlify's parser has no limits: https://docs.netlify.com/manage/routing/headers/
  limits: { host: 'Netlify', joinsRepeated: true },
  matches: netlifyMatches,
}
