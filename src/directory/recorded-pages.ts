import type { Policy } from '../core/model.ts'
import type { DirectoryPage } from '../directory.ts'
import type { DeliveredPage } from '../outputs/output.ts'
import { MARK, type PageRecords } from './page-records.ts'

/** A page as outputs see it. Its policies are made when they are asked for: a site may have tens of thousands of pages. */
class RecordedPage implements DeliveredPage {
  constructor(
    private readonly records: PageRecords,
    private readonly page: number,
  ) {}

  get path(): string {
    return this.records.path(this.page)
  }

  get policies(): readonly Policy[] {
    return this.records.policies(this.page)
  }
}

/** All pages, for the outputs. */
export function deliveredPages(records: PageRecords): DeliveredPage[] {
  return [...records.secured()].map((page) => new RecordedPage(records, page))
}

/** All pages, for whoever asked for the run. */
export function directoryPages(records: PageRecords): DirectoryPage[] {
  return [...records.secured()].map((page) => ({
    path: records.path(page),
    changed: (records.marks(page) & MARK.changed) !== 0,
    get policies() {
      return records.policies(page)
    },
    summary: records.summary(page),
  }))
}
