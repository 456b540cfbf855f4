import type { Policy } from '../core/model.ts'
import type { DirectoryPage } from '../directory.ts'
import { MARK, type PageRecords } from './page-records.ts'

/** A page as outputs see it, and whoever asked for the run: read from its record, since there may be very many. */
class RecordedPage implements DirectoryPage {
  constructor(
    private readonly records: PageRecords,
    private readonly page: number,
  ) {}

  get path(): string {
    return this.records.path(this.page)
  }

  get changed(): boolean {
    return (this.records.marks(this.page) & MARK.changed) !== 0
  }

  get policies(): readonly Policy[] {
    return this.records.policies(this.page)
  }

  get summary(): DirectoryPage['summary'] {
    return this.records.summary(this.page)
  }

  toJSON(): DirectoryPage {
    const { path, changed, policies, summary } = this
    return { path, changed, policies, summary }
  }
}

/** All pages that were decided upon. */
export function recordedPages(records: PageRecords): DirectoryPage[] {
  return Array.from(records.secured(), (page) => new RecordedPage(records, page))
}
