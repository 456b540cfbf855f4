import type { PageTask, PageWork } from './page-work.ts'

/** Pages that are handed out at a time. */
const STEP = 16

/** Why work ended early, and at which page. */
export interface WorkFailure {
  readonly page: number
  readonly error: unknown
}

/** The pages that no thread has been given yet. */
export class PageQueue {
  private next = 0

  constructor(
    private limit: number,
    private readonly taskOf: (page: number) => PageTask,
  ) {}

  /** Pages that have been handed out. */
  get taken(): number {
    return this.next
  }

  get left(): number {
    return Math.max(0, this.limit - this.next)
  }

  /** The next pages; none if nothing is left. */
  take(): PageTask[] {
    const tasks = Array.from({ length: Math.min(STEP, this.left) }, (_, index) =>
      this.taskOf(this.next + index),
    )
    this.next += tasks.length
    return tasks
  }

  /**
   * Hands out nothing from this page on. Pages before it have been handed out, and are still worked on: of several that
   * fail, the first is reported, however many threads there are.
   */
  end(page: number): void {
    this.limit = Math.min(this.limit, page)
  }
}

/** Works on pages up to the first that fails. */
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
