import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { DirectoryError } from '../files/errors.ts'
import type { PageQueue, WorkFailure } from './page-queue.ts'
import type { PageBatch, PageTask, PageWork, WorkSetup } from './page-work.ts'
import type { PackedListing } from '../files/walk.ts'

export interface ThreadSetup {
  readonly setup: WorkSetup
  readonly site: PackedListing
  readonly out: PackedListing | undefined
}

export type ThreadOrder =
  | { readonly kind: 'pages'; readonly tasks: readonly PageTask[] }
  | { readonly kind: 'check' | 'settle' | 'discard' }

/** Each order gets one answer: `pages` a `batch`, any other order `done`. */
export type ThreadAnswer =
  | {
      readonly kind: 'batch'
      readonly batch: PageBatch
      readonly failure: { readonly page: number; readonly error: PackedError } | undefined
    }
  | { readonly kind: 'done'; readonly changed: string | undefined }

/** With more threads than this, they mostly wait for the disk and for one another. */
const MOST_THREADS = 8

/** Bytes of pages that justify the start of a thread, which is slow because it loads the parsers again. */
const WORTH_A_THREAD = 4 * 1024 * 1024

/** Orders to queue per thread, so that it never idles while the main thread is busy with pages of its own. */
const AHEAD = 3

/** The script of a worker thread. It does not exist if this package runs from its sources. */
const PROGRAM = new URL('./page-thread.js', import.meta.url)

/** The maximum number of threads, including the main thread. */
export function mostThreads(wanted: number | undefined): number {
  if (!existsSync(fileURLToPath(PROGRAM))) return 1
  return Math.max(1, wanted ?? Math.min(availableParallelism(), MOST_THREADS))
}

/** The number of worker threads that the remaining pages justify, estimated from the size of the first pages. */
export function threadsWorthwhile(work: PageWork, queue: PageQueue, most: number): number {
  const left = (work.read / Math.max(1, queue.taken)) * queue.left
  return Math.min(most - 1, Math.floor(left / WORTH_A_THREAD))
}

/** An error in a form that can be sent to another thread. */
interface PackedError {
  readonly known: Pick<DirectoryError, 'code' | 'message' | 'path'> | undefined
  readonly other: string
}

export function packError(error: unknown): PackedError {
  const known = error instanceof DirectoryError && {
    code: error.code,
    message: error.message,
    path: error.path,
  }
  return {
    known: known || undefined,
    other: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}

function unpackError({ known, other }: PackedError): Error {
  return known ? new DirectoryError(known.code, known.message, known.path) : new Error(other)
}

class PageThread {
  readonly failures: WorkFailure[] = []
  changed: string | undefined
  /** The thread crashed. */
  broken = false
  private readonly worker: Worker
  private unanswered = 0
  private waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined
  private answered: Promise<void>

  constructor(
    data: ThreadSetup,
    private readonly queue: PageQueue,
    private readonly onBatch: (batch: PageBatch) => void,
  ) {
    this.worker = new Worker(PROGRAM, { workerData: data })
    this.answered = this.answer()
    this.worker.on('message', (answer: ThreadAnswer) => this.receive(answer))
    this.worker.on('error', (error) => {
      this.broken = true
      this.waiting?.reject(error)
    })
    while (this.unanswered < AHEAD && this.order());
    if (this.unanswered === 0) this.waiting?.resolve()
  }

  /** Resolves when the thread has answered all orders. */
  done(): Promise<void> {
    return this.answered
  }

  async tell(kind: 'check' | 'settle' | 'discard'): Promise<void> {
    if (this.broken) return
    this.answered = this.answer()
    this.post({ kind })
    await this.answered
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }

  private receive(answer: ThreadAnswer): void {
    if (answer.kind === 'done') {
      this.changed = answer.changed
      this.waiting?.resolve()
      return
    }
    const { batch, failure } = answer
    if (failure) {
      this.failures.push({ page: failure.page, error: unpackError(failure.error) })
      this.queue.end(failure.page)
    }
    this.onBatch(batch)
    this.unanswered -= 1
    this.order()
    if (this.unanswered === 0) this.waiting?.resolve()
  }

  /** Sends the next pages, if any are left. */
  private order(): boolean {
    const tasks = this.queue.take()
    if (tasks.length === 0) return false
    this.unanswered += 1
    this.post({ kind: 'pages', tasks })
    return true
  }

  private post(order: ThreadOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.worker.postMessage(order)
  }

  private answer(): Promise<void> {
    const answered = new Promise<void>((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
    // Avoid an unhandled rejection; whoever awaits the promise gets the error.
    answered.catch(() => undefined)
    return answered
  }
}

/** The worker threads that process pages alongside the main thread. */
export class PageThreads {
  private readonly threads: PageThread[] = []

  get count(): number {
    return this.threads.length
  }

  start(count: number, data: ThreadSetup, queue: PageQueue, onBatch: (batch: PageBatch) => void): void {
    for (let i = 0; i < count; i++) this.threads.push(new PageThread(data, queue, onBatch))
  }

  /** Waits until all pages are done, and returns the failures. */
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

  /** Removes all files staged by the threads. False if a thread has crashed and could not do it. */
  async discard(): Promise<boolean> {
    // Ignore later errors: the one that led here is the one to report.
    await Promise.allSettled(this.threads.map((thread) => thread.done()))
    await Promise.allSettled(this.threads.map((thread) => thread.tell('discard')))
    return !this.threads.some(({ broken }) => broken)
  }

  private async tell(order: 'check' | 'settle' | 'discard'): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.tell(order)))
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()))
  }
}
