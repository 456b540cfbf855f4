import { hash } from 'node:crypto'

/** SHA-256: what is recognised is taken for the same without another look. */
const LENGTH = 32

/** In memory that threads share. All zeros: nobody knows. */
interface SharedHashes {
  readonly known: Uint8Array<SharedArrayBuffer>
  readonly seen: Uint8Array<SharedArrayBuffer>
  readonly left: Uint8Array<SharedArrayBuffer>
}

/** Hashes of the pages of a run: as an earlier one left them, as they were read, and as they are left. */
export class PageHashes {
  constructor(readonly shared: SharedHashes) {}

  static of(count: number): PageHashes {
    const make = (): Uint8Array<SharedArrayBuffer> => new Uint8Array(new SharedArrayBuffer(count * LENGTH))
    return new PageHashes({ known: make(), seen: make(), left: make() })
  }

  static hash(bytes: Uint8Array): Buffer {
    return hash('sha256', bytes, 'buffer')
  }

  know(page: number, known: Uint8Array): void {
    this.shared.known.set(known, page * LENGTH)
  }

  /** Takes note of a page as it was read. Whether that is what an earlier run had left. */
  see(page: number, bytes: Uint8Array): boolean {
    const seen = PageHashes.hash(bytes)
    this.shared.seen.set(seen, page * LENGTH)
    this.shared.left.set(seen, page * LENGTH)
    return seen.equals(this.of(page, 'known'))
  }

  /** Takes note of a page as it will be. */
  leave(page: number, bytes: Uint8Array): void {
    this.shared.left.set(PageHashes.hash(bytes), page * LENGTH)
  }

  /** Whether a page that was read is as an earlier run had left it. */
  isKnown(page: number): boolean {
    const known = this.of(page, 'known')
    return this.of(page, 'seen').every((byte, i) => byte === known[i])
  }

  seen(page: number): string {
    return Buffer.from(this.of(page, 'seen')).toString('base64')
  }

  left(page: number): string {
    return Buffer.from(this.of(page, 'left')).toString('base64')
  }

  private of(page: number, which: keyof SharedHashes): Uint8Array {
    return this.shared[which].subarray(page * LENGTH, (page + 1) * LENGTH)
  }
}
