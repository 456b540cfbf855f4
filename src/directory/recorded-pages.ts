import type { Policy } from '../core/site/model.ts'
import type { DirectoryPage } from '../directory.ts'
import type { DeliveredPage } from '../outputs/output.ts'
import { MARK, type PageRecords } from './page-store.ts'

/** A page as outputs see it. Its policies are made when they are asked for: a site may have tens of thousands of pages. */
class RecordedPage implements DeliveredPage {
  readonly #records: PageRecords
  readonly #page: number

  constructor(records: PageRecords, page: number) {
    this.#records = records
    this.#page = page
  }

  get path(): string {
    return this.#records.path(this.#page)
  }

  get policies(): readonly Policy[] {
    return this.#records.policies(this.#page)
  }
}

/** A page as whoever asked for the run sees it. */
class ResultPage implements DirectoryPage {
  readonly #records: PageRecords
  readonly #page: number
  readonly path: string
  readonly changed: boolean
  readonly summary: DirectoryPage['summary']

  constructor(records: PageRecords, page: number) {
    this.#records = records
    this.#page = page
    this.path = records.path(page)
    this.changed = (records.marks(page) & MARK.changed) !== 0
    this.summary = records.summary(page)
  }

  // Not a property of its own: an object with one of those takes up eight times as much room.
  get policies(): readonly Policy[] {
    return this.#records.policies(this.#page)
  }

  toJSON(): DirectoryPage {
    return { ...this, policies: this.policies }
  }
}

/** All pages, for the outputs. */
export function deliveredPages(records: PageRecords): DeliveredPage[] {
  return Array.from(records.secured(), (page) => new RecordedPage(records, page))
}

/** All pages as they have become, for whoever asked for the run. */
export function directoryPages(records: PageRecords): DirectoryPage[] {
  return Array.from(records.secured(), (page) => new ResultPage(records, page))
}
