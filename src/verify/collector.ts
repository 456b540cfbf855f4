import type { Report } from './document-state.ts'
import type { Engine } from './engines.ts'
import { refusalRules, type Refusal } from './refusals.ts'

/** Gathers what the engines say of one page: the same thing said by several becomes one refusal. */
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
        const { severity, message, hint } = refusalRules[code]
        const place = {
          code,
          severity,
          page,
          engines: [],
          line: at.line,
          column: at.column,
          subject: detail.subject,
        }
        const refusal = {
          ...place,
          message: message(detail),
          ...(hint === undefined ? {} : { hint: hint(detail) }),
        }
        found.set(key, { refusal, engines: new Set(engines) })
      },
    refusals: () =>
      [...found.values()]
        .map(({ refusal, engines }) => ({ ...refusal, engines: [...engines] }))
        .toSorted((a, b) => a.line - b.line || a.column - b.column),
  }
}
