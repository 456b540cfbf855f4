import type { Finding } from '../findings/index.ts'
import type { SiteContext } from '../site/model.ts'
import { nameWithoutHash } from './names.ts'

/** The findings and pins of one page. */
export interface PageFindings {
  readonly findings: readonly Finding[]
  /** Paths of the files that the page pins. */
  readonly pins: readonly string[]
}

/**
 * Merges the findings of all pages: each finding is reported once, for the first page that has it. Each worker
 * thread filters the findings that it sends, and the main thread filters the received ones again, in page order.
 */
export class SeenFindings {
  private readonly findings = new Set<string>()
  private readonly pins = new Set<string>()

  /** The findings and pins that no earlier page had. */
  newOf({ findings, pins }: PageFindings): PageFindings {
    return {
      findings: findings.filter((one) => isNew(this.findings, keyOf(one))),
      pins: pins.filter((path) => isNew(this.pins, path)),
    }
  }

  /** Findings that belong to no single page. Call this after the last page. */
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
