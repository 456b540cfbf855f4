import type { DocumentState, Pin } from './document-state.ts'
import { nameOf } from './files-by-url.ts'

/** A module that a page can reach, and what holds it to its bytes. */
export interface ModuleReport {
  readonly file: string
  readonly pin: Pin
}

/** What was read of a page, whether or not something is wrong with it. */
export interface PageReport {
  readonly page: string
  readonly policies: readonly {
    readonly delivery: 'header' | 'meta'
    readonly text: string
    readonly line: number
    readonly column: number
  }[]
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
