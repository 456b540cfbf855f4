import type { Finding } from '../findings/index.ts'
import type { SiteContext } from '../site/model.ts'
import { nameWithoutHash } from './names.ts'

/** What a page contributes to the findings of its site. */
export interface PageFindings {
  readonly findings: readonly Finding[]
  /** Paths of the files that are pinned in it. */
  readonly pins: readonly string[]
}

/**
 * The place where the findings of all pages meet: each is told once, at the first page that leads to it. Worker threads
 * filter what they send with one of these; the run then filters what they sent, in the order of the pages, with another.
 */
export class SeenFindings {
  private readonly findings = new Set<string>()
  private readonly pins = new Set<string>()

  /** What no earlier page contributed. */
  newOf({ findings, pins }: PageFindings): PageFindings {
    return {
      findings: findings.filter((one) => isNew(this.findings, keyOf(one))),
      pins: pins.filter((path) => isNew(this.pins, path)),
    }
  }

  /** What concerns no single page, once the last page was seen. */
  ofSite(site: Pick<SiteContext, 'graph'>): Finding[] {
    return nameWithoutHash(site, this.pins)
  }
}

function isNew(seen: Set<string>, key: string): boolean {
  const { size } = seen
  return seen.add(key).size > size
}

function keyOf({ code, message, location }: Finding): string {
  return JSON.stringify([code, message, location?.file, location?.line, location?.column])
}
