import type { PageTask, PageWork } from './page-work.ts'

/** The number of pages in one batch. */
const STEP = 16

/** The error that ended the work early, and the page where it happened. */
export interface WorkFailure {
  readonly page: number
  readonly error: unknown
}

/** The pages that have not been assigned to a thread yet. */
export class PageQueue {
  private next = 0

  constructor(
    private limit: number,
    private readonly taskOf: (page: number) => PageTask,
  ) {}

  /** The number of pages that have been handed out. */
  get taken(): number {
    return this.next
  }

  get left(): number {
    return Math.max(0, this.limit - this.next)
  }

  /** The next batch; empty if no pages are left. */
  take(): PageTask[] {
    const tasks = Array.from({ length: Math.min(STEP, this.left) }, (_, index) =>
      this.taskOf(this.next + index),
    )
    this.next += tasks.length
    return tasks
  }

  /**
   * Stops handing out pages from this one on. Earlier pages are already handed out and still get done. If several pages
   * fail, the first in order is therefore reported, whatever the number of threads.
   */
  end(page: number): void {
    this.limit = Math.min(this.limit, page)
  }
}

/** Works on pages until the first failure. */
export function workOn(work: PageWork, tasks: readonly PageTask[]): WorkFailure | undefined {
  for (const task of tasks) {
    try {
      work.do(task)
    } catch (error) {
      return { page: task.page, error }
    }
  }
  return undefined
}
