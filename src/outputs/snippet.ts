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
  /** Headers of the user's own in a file that the snippet shares with them. */
  readonly conflicts?: (
    own: string,
    names: ReadonlySet<string>,
    pages: readonly string[],
  ) => readonly Finding[]
  /** Whether a file that the snippet shares with the user sends `nosniff` with every path already. */
  readonly setsNosniff?: (delivery: Delivery) => boolean
  /** Characters of a line of a snippet, where that is limited too. */
  readonly longestLine?: number
  snippets(plan: HeaderPlan, delivery: Delivery): readonly Snippet[]
  /** How to make the server read the snippets. One log line each. */
  notes(snippets: readonly Snippet[]): readonly string[]
}

/** A value in double quotes. `escape` handles characters that have a meaning for the server. */
export function quote(value: string, escape: (value: string) => string = (text) => text): string {
  return `"${escape(value.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`
}

/** Path of the site's root as requests name it: `/`, or `/sub/`. */
export function mountOf({ base }: Pick<Delivery, 'base'>): string {
  return base.startsWith('/') && !base.startsWith('//') ? base : '/'
}

/** Generated lines in front of the user's own, which stay byte for byte. */
export function inFront(own: string, lines: readonly string[]): string {
  const rest = withoutRegions(own)
  const mark = rest.startsWith('\uFEFF') ? '\uFEFF' : ''
  const region = [BEGIN, ...lines, END, ''].join(/^[^\n]*\r\n/.test(rest) ? '\r\n' : '\n')
  return lines.length === 0 ? rest : mark + region + rest.slice(mark.length)
}

/** Snippets in the folder that is deployed, for the configuration of a server to include. */
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
