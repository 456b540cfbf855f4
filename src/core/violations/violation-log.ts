import { applyLevels, type Finding, type FindingCode, type FindingLevel } from '../findings/index.ts'
import { type Explanation, explain } from './explain.ts'
import { mergeRemedies, type Remedy } from './remedy.ts'
import type { Violation } from './violation.ts'
import type { ViolationSite } from './violation-site.ts'

/** A page that reports without end must not fill the memory: what is new beyond so many is counted alone. */
const MOST = 500

/** Explains violations, and says each thing once however often and from however many pages it is reported. */
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

  /** What is new about a violation; no finding if everything was said before. */
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

  /** What is new of something that needs no browser to be known. */
  tell({ findings, remedy }: Explanation): readonly Finding[] {
    const fresh = applyLevels(findings, this.levels).filter((found) => this.isNew(found))
    if (fresh.length > 0) this.remedies.push(remedy)
    return fresh
  }

  private isNew({ code, message, location }: Finding): boolean {
    // Engines do not agree on columns, and a statement of one line is one thing to a reader.
    const key = JSON.stringify([code, message, location?.file, location?.line])
    const known = this.told.has(key)
    this.told.add(key)
    return !known
  }

  /** The options that allow everything that was told. */
  get remedy(): Remedy {
    return mergeRemedies(this.remedies)
  }

  /** The files have changed: what is still wrong may be said again. */
  clear(): void {
    this.reported.clear()
    this.told.clear()
    this.dropped = 0
  }
}
