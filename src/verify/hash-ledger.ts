import type { Directives } from './source-list.ts'
import { digest, parseIntegrity } from './integrity.ts'
import type { PageItem, Position } from './page-items.ts'
import type { RefusalDetail } from './refusal-rule.ts'

export interface ListedHash {
  readonly page: string
  readonly at: Position
  readonly detail: RefusalDetail
}

/** Tracks the hashes that the policies of a site list, to find the ones that match nothing in the site. */
export interface HashLedger {
  list(page: string, delivery: 'header' | 'meta', directives: Directives, at: Position): void
  /** Call this after listing the page's policies: it computes digests only for algorithms listed so far. */
  use(items: readonly PageItem[]): void
  unused(): ListedHash[]
}

export function createHashLedger(): HashLedger {
  const listed = new Map<string, Map<string, ListedHash>>()
  const used = new Set<string>()
  const algorithms = new Set<string>()
  const seen = new WeakSet<Directives>()

  function useText(text: string): void {
    for (const algorithm of algorithms) used.add(`${algorithm}-${digest(algorithm, text)}`)
  }

  function useIntegrity(metadata: string | undefined): void {
    for (const hash of parseIntegrity(metadata)) used.add(`${hash.algorithm}-${hash.value}`)
  }

  function use(items: readonly PageItem[]): void {
    for (const item of items) {
      if ('text' in item) useText(item.text)
      if (item.kind === 'inline-script' && item.type === 'importmap') useMap(item.text)
      if ('integrity' in item) useIntegrity(item.integrity)
      if (item.kind === 'srcdoc') use(item.items)
    }
  }

  function useMap(text: string): void {
    for (const match of text.matchAll(/sha(?:256|384|512)-[\w+/-]+={0,2}/g)) useIntegrity(match[0])
  }

  return {
    list(page, delivery, directives, at) {
      if (seen.has(directives)) return
      seen.add(directives)
      for (const [directive, list] of directives) {
        for (const hash of list.hashes) {
          algorithms.add(hash.algorithm)
          const key = `${hash.algorithm}-${hash.value}`
          const places = listed.get(key) ?? new Map<string, ListedHash>()
          listed.set(key, places)
          const detail = { subject: hash.expression, directive, delivery }
          if (!places.has(directive)) places.set(directive, { page, at, detail })
        }
      }
    },
    use,
    unused: () => [...listed].flatMap(([key, places]) => (used.has(key) ? [] : [...places.values()])),
  }
}
