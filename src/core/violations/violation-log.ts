import { applyLevels, type Finding, type FindingCode, type FindingLevel } from '../findings/index.ts'
import { type Explanation, explain } from './explain.ts'
import { mergeRemedies, type Remedy } from './remedy.ts'
import type { Violation } from './violation.ts'
import type { ViolationSite } from './violation-site.ts'

/** Limits memory use if a page reports endlessly: further new violations are only counted. */
const MOST = 500

/** Explains violations, and reports each finding once, however often and from however many pages it arrives. */
export class ViolationLog {
  private readonly reported = new Set<string>()
  private readonly told = new Set<string>()
  private readonly remedies: Remedy[] = []
  /** New violations that came after the limit was reached. */
  dropped = 0

  constructor(
    private readonly site: ViolationSite,
    private readonly levels: ReadonlyMap<FindingCode, FindingLevel>,
    private readonly most = MOST,
  ) {}

  /** The new findings for a violation; empty if all of them were reported before. */
  add(violation: Violation): readonly Finding[] {
    const { directive, blocked, sample, source, line, column, document } = violation
    const key = JSON.stringify([directive, blocked, sample, source, line, column, document])
    if (this.reported.has(key)) return []
    if (this.reported.size >= this.most) {
      this.dropped++
      return []
    }
    this.reported.add(key)
    return this.tell(explain(violation, this.site))
  }

  /** The new findings of an explanation that was made without a browser. */
  tell({ findings, remedy }: Explanation): readonly Finding[] {
    const fresh = applyLevels(findings, this.levels).filter((found) => this.isNew(found))
    if (fresh.length > 0) this.remedies.push(remedy)
    return fresh
  }

  private isNew({ code, message, location }: Finding): boolean {
    // Engines disagree about columns, and a user sees one statement per line.
    const key = JSON.stringify([code, message, location?.file, location?.line])
    const known = this.told.has(key)
    this.told.add(key)
    return !known
  }

  /** The options that allow everything that was reported. */
  get remedy(): Remedy {
    return mergeRemedies(this.remedies)
  }

  /** Call this when files changed, so that remaining problems are reported again. */
  clear(): void {
    this.reported.clear()
    this.told.clear()
    this.dropped = 0
  }
}
