import { type Finding, finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import { BEGIN, END, unbalancedMarker, withoutRegions } from './marked-lines.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { headerNames, type HeaderPlan, placeOf, planHeaders, withoutNosniff } from './header-plan.ts'

/** A snippet for the configuration of a server. */
export interface Snippet {
  readonly path: string
  readonly lines: readonly string[]
}

export interface ServerSyntax {
  readonly name: string
  readonly limits: HostLimits
  /** Finds the user's own headers that conflict, if the snippet shares a file with the user. */
  readonly conflicts?: (
    own: string,
    names: ReadonlySet<string>,
    pages: readonly string[],
  ) => readonly Finding[]
  /** True if a file that the snippet shares with the user already sends `nosniff` on every path. */
  readonly setsNosniff?: (delivery: Delivery) => boolean
  /** The maximum length of a line in a snippet, if the server has such a limit. */
  readonly longestLine?: number
  snippets(plan: HeaderPlan, delivery: Delivery): readonly Snippet[]
  /** How to make the server read the snippets. One log line each. */
  notes(snippets: readonly Snippet[]): readonly string[]
}

/** Quotes a value with double quotes. `escape` handles characters that are special to the server. */
export function quote(value: string, escape: (value: string) => string = (text) => text): string {
  return `"${escape(value.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`
}

/** The path under which requests reach the root of the site: `/` or `/sub/`. */
export function mountOf({ base }: Pick<Delivery, 'base'>): string {
  return base.startsWith('/') && !base.startsWith('//') ? base : '/'
}

/** Puts generated lines before the user's own text, which stays byte for byte. */
export function inFront(own: string, lines: readonly string[]): string {
  const rest = withoutRegions(own)
  const mark = rest.startsWith('\uFEFF') ? '\uFEFF' : ''
  const region = [BEGIN, ...lines, END, ''].join(/^[^\n]*\r\n/.test(rest) ? '\r\n' : '\n')
  return lines.length === 0 ? rest : mark + region + rest.slice(mark.length)
}

/** Creates an output of snippets in the deployed folder, which the configuration of a server includes. */
export function serverOutput({
  name,
  limits,
  longestLine,
  conflicts,
  setsNosniff,
  snippets,
  notes,
}: ServerSyntax): Output {
  return {
    name,
    deliver(delivery: Delivery): Delivered {
      const full = planHeaders(delivery, [limits])
      const plan = setsNosniff?.(delivery) ? withoutNosniff(full) : full
      const files = snippets(plan, delivery).map(({ path, lines }) => {
        const own = delivery.siteFile(path)
        return { path, lines, own: own ?? '', exists: own !== undefined }
      })
      const findings: Finding[] = files.flatMap(({ path, own }) => {
        const marker = unbalancedMarker(own)
        if (!marker) {
          const pages = delivery.pages.map((page) => page.path)
          return conflicts?.(own, headerNames(plan), pages) ?? []
        }
        const place = { file: path, source: own, offset: marker.offset }
        return finding('marker-unbalanced', { marker: marker.marker }, place)
      })
      const longest = Math.max(0, ...files.flatMap(({ lines }) => lines.map(({ length }) => length)))
      if (plan.layout === 'per-page' && longestLine !== undefined && longest > longestLine) {
        const { host, field } = limits
        const data = {
          host,
          length: longest,
          limit: longestLine,
          sources: 0,
          effect: field?.effect ?? 'refuses',
        }
        findings.push(
          finding('header-line-too-long', { ...data, way: `Set ${option({ layout: 'split' })}.` }),
        )
      }
      const written = files.filter(({ lines, exists }) => lines.length > 0 || exists)
      return {
        metas: plan.metas,
        files: written.map(({ path, own, lines }) => ({ root: 'site', path, content: inFront(own, lines) })),
        findings: [...plan.findings, ...findings],
        notes: written.length > 0 ? notes(written) : [],
        place: placeOf(plan, files.map(({ path }) => path).join(', ')),
      }
    },
  }
}
