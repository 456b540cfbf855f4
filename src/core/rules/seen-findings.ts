import type { Finding } from '../findings/index.ts'
import type { SiteContext } from '../site/model.ts'
import { nameWithoutHash } from './names.ts'

/** What is to be said about one page, apart from what its plan says. */
export interface Judgement {
  readonly findings: readonly Finding[]
  /** Files that it pins and no earlier page did. */
  readonly pins: readonly string[]
}

/** What was said already: the same finding is told once, at the first page that leads to it. */
export class Told {
  private readonly findings = new Set<string>()
  private readonly pins = new Set<string>()

  newPins(paths: Iterable<string>): string[] {
    return [...paths].filter((path) => {
      const known = this.pins.has(path)
      this.pins.add(path)
      return !known
    })
  }

  isNew({ code, message, location }: Finding): boolean {
    const key = JSON.stringify([code, message, location?.file, location?.line, location?.column])
    const known = this.findings.has(key)
    this.findings.add(key)
    return !known
  }

  /** What is left of a judgement that knew only some of the pages before this one. */
  rest(site: Pick<SiteContext, 'graph'>, { findings, pins }: Judgement): Finding[] {
    const newPins = this.newPins(pins)
    return findings
      .flatMap((one) =>
        // It names the files together, so it has to be said anew where some of them are known.
        one.code === 'name-without-hash' ? nameWithoutHash({ pinned: newPins, site }) : [one],
      )
      .filter((one) => this.isNew(one))
  }
}
