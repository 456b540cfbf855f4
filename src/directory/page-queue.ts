import { DirectoryError } from '../files/errors.ts'
import type { PageWork } from './page-work.ts'

/** So many pages are taken at a time. */
const STEP = 16

const [NEXT, LIMIT] = [0, 1]

/** Why work ended early, and at which page. */
export interface WorkFailure {
  readonly page: number
  readonly error: unknown
}

/** The pages that nobody has taken yet. Threads share the memory, so that each takes the next ones when it is free. */
export class PageQueue {
  constructor(readonly shared: Int32Array<SharedArrayBuffer>) {}

  static of(count: number): PageQueue {
    const queue = new PageQueue(new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)))
    queue.shared[LIMIT] = count
    return queue
  }

  /** Pages taken so far. */
  get taken(): number {
    return Math.min(Atomics.load(this.shared, NEXT), this.limit)
  }

  get limit(): number {
    return Atomics.load(this.shared, LIMIT)
  }

  /**
   * Nothing behind this page matters any more. Those before it are still worked on: if one of them fails as well, it is
   * the one to be told, however many threads there are.
   */
  end(page: number): void {
    for (let limit = this.limit; page < limit; limit = this.limit)
      Atomics.compareExchange(this.shared, LIMIT, limit, page)
  }

  /** Works on the next pages: `false` when there are none left. */
  step(work: PageWork): boolean | WorkFailure {
    const first = Atomics.add(this.shared, NEXT, STEP)
    for (let page = first; page < first + STEP && page < this.limit; page++) {
      try {
        work.do(page)
      } catch (error) {
        this.end(page)
        return { page, error }
      }
    }
    return first + STEP < this.limit
  }
}

/** An error as it can be handed to another thread. */
export interface PackedError {
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

export function unpackError({ known, other }: PackedError): Error {
  return known ? new DirectoryError(known.code, known.message, known.path) : new Error(other)
}
