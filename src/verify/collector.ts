import type { DocumentState, Pin, Report } from './document-state.ts'
import type { Engine } from './engines.ts'
import { nameOf } from './files-by-url.ts'
import { type Refusal, type RefusalCode, refusalRules } from './refusals.ts'

/** A finished directory cannot pin stylesheets that scripts load later, so a missing pin there is only a warning. */
function isLazyStyle(code: RefusalCode, subject: string): boolean {
  return code === 'integrity-missing' && /\.css(?:[?#]|$)/i.test(subject)
}

/** Collects the reports of all engines for one page. The same report from several engines becomes one refusal. */
export interface Collector {
  report(...engines: readonly Engine[]): Report
  refusals(): Refusal[]
}

export function createCollector(page: string): Collector {
  const found = new Map<string, { readonly refusal: Refusal; readonly engines: Set<Engine> }>()
  return {
    report:
      (...engines) =>
      (code, at, detail) => {
        const key = JSON.stringify([code, at.line, at.column, detail.subject])
        const known = found.get(key)
        if (known !== undefined) {
          for (const engine of engines) known.engines.add(engine)
          return
        }
        const { effect, message, hint } = refusalRules[code]
        const refusal: Refusal = {
          code,
          severity: isLazyStyle(code, detail.subject) ? 'warn' : 'error',
          effect,
          location: { file: page, line: at.line, column: at.column },
          engines: [],
          subject: detail.subject,
          message: message(detail),
          ...(hint === undefined ? {} : { hint: hint(detail) }),
        }
        found.set(key, { refusal, engines: new Set(engines) })
      },
    refusals: () =>
      [...found.values()]
        .map(({ refusal, engines }) => ({ ...refusal, engines: [...engines] }))
        .toSorted(({ location: a }, { location: b }) => a.line - b.line || a.column - b.column),
  }
}

/** A module that a page can load, and how it is pinned. */
export interface ModuleReport {
  /** Path of the file, or its URL if it comes from another origin. */
  readonly file: string
  readonly pin: Pin
}

/** The policies and modules of a page, whether or not it has problems. */
export interface PageReport {
  /** Path of the page inside the site. */
  readonly page: string
  /** The enforced policies. Line and column are counted from 1. */
  readonly policies: readonly {
    readonly delivery: 'header' | 'meta'
    readonly text: string
    readonly line: number
    readonly column: number
  }[]
  /** The modules that run in at least one engine. */
  readonly modules: readonly ModuleReport[]
}

/** The modules of the page's own document that run in at least one engine. */
export function moduleReports(states: readonly DocumentState[]): ModuleReport[] {
  const modules = new Map<string, ModuleReport>()
  for (const state of states) {
    for (const [href, record] of state.modules) {
      if (record === undefined || modules.has(href)) continue
      modules.set(href, { file: nameOf(state.files, record.url), pin: record.pin })
    }
  }
  return [...modules.values()]
}
