import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { PackedListing } from './walk.ts'
import { type PackedError, type PageQueue, unpackError, type WorkFailure } from './page-queue.ts'
import type { PageBatch, PageWork, WorkSetup } from './page-work.ts'

export interface ThreadSetup {
  readonly setup: WorkSetup
  readonly site: PackedListing
  readonly out: PackedListing | undefined
  readonly shared: PageQueue['shared']
}

export type ThreadOrder = 'check' | 'settle' | 'discard'

export type ThreadAnswer =
  | { readonly kind: 'batch'; readonly batch: PageBatch }
  | { readonly kind: 'failure'; readonly page: number; readonly error: PackedError }
  | { readonly kind: 'changed'; readonly path: string }
  | { readonly kind: 'done' }

/** More threads than this wait for the disk, and for one another. */
const MOST_THREADS = 8

/** So many bytes left are worth a thread that has to be started, parsers and all. */
const WORTH_A_THREAD = 4 * 1024 * 1024

/** The program of a thread; there is none where this package runs from its own sources. */
const PROGRAM = new URL('./page-thread.js', import.meta.url)

/** How many threads may work on pages at once, this one included. */
export function mostThreads(wanted: number | undefined): number {
  if (!existsSync(fileURLToPath(PROGRAM))) return 1
  return Math.max(1, wanted ?? Math.min(availableParallelism(), MOST_THREADS))
}

/** How many threads beside this one the rest of the pages is worth, by what the first ones weighed. */
export function threadsWorthwhile(work: PageWork, queue: PageQueue, most: number): number {
  const left = (work.read / Math.max(1, queue.taken)) * (queue.limit - queue.taken)
  return Math.min(most - 1, Math.floor(left / WORTH_A_THREAD))
}

class PageThread {
  readonly failures: WorkFailure[] = []
  changed: string | undefined
  /** Whether it came to an unexpected end. */
  broken = false
  private readonly worker: Worker
  private waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined
  private answered: Promise<void>

  constructor(data: ThreadSetup, onBatch: (batch: PageBatch) => void) {
    this.worker = new Worker(PROGRAM, { workerData: data })
    this.answered = this.answer()
    this.worker.on('message', (answer: ThreadAnswer) => {
      if (answer.kind === 'batch') onBatch(answer.batch)
      else if (answer.kind === 'failure')
        this.failures.push({ page: answer.page, error: unpackError(answer.error) })
      else if (answer.kind === 'changed') this.changed = answer.path
      else this.waiting?.resolve()
    })
    this.worker.on('error', (error) => {
      this.broken = true
      this.waiting?.reject(error)
    })
  }

  /** Until it has done what it was told last. */
  done(): Promise<void> {
    return this.answered
  }

  async tell(order: ThreadOrder): Promise<void> {
    if (this.broken) return
    this.answered = this.answer()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.worker.postMessage(order)
    await this.answered
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }

  private answer(): Promise<void> {
    const answered = new Promise<void>((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
    // Who waits for it hears of a failure.
    answered.catch(() => undefined)
    return answered
  }
}

/** The threads beside this one that work on the pages of a site. */
export class PageThreads {
  private readonly threads: PageThread[] = []

  get count(): number {
    return this.threads.length
  }

  start(count: number, data: ThreadSetup, reader: () => (batch: PageBatch) => void): void {
    for (let i = 0; i < count; i++) this.threads.push(new PageThread(data, reader()))
  }

  /** Until all pages are done: where that failed. */
  async finished(): Promise<WorkFailure[]> {
    await Promise.all(this.threads.map((thread) => thread.done()))
    return this.threads.flatMap(({ failures }) => failures)
  }

  async changedMeanwhile(): Promise<string[]> {
    await this.tell('check')
    return this.threads.flatMap(({ changed }) => (changed === undefined ? [] : [changed]))
  }

  async settle(): Promise<void> {
    await this.tell('settle')
  }

  /** Whether all that threads had staged is gone. */
  async discard(): Promise<boolean> {
    // What went wrong before is what is to be told.
    await Promise.allSettled(this.threads.map((thread) => thread.done()))
    await Promise.allSettled(this.threads.map((thread) => thread.tell('discard')))
    return !this.threads.some(({ broken }) => broken)
  }

  private async tell(order: ThreadOrder): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.tell(order)))
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()))
  }
}
