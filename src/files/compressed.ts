import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'

interface Encoding {
  readonly extension: string
  decode(bytes: Uint8Array, limit: number): Buffer
  encode(bytes: Uint8Array): Buffer
}

/** How compressed copies are named and made. */
export const ENCODINGS: readonly Encoding[] = [
  {
    extension: '.gz',
    decode: (bytes, limit) => gunzipSync(bytes, { maxOutputLength: limit }),
    encode: (bytes) => gzipSync(bytes, { level: 9 }),
  },
  {
    extension: '.br',
    decode: (bytes, limit) => brotliDecompressSync(bytes, { maxOutputLength: limit }),
    encode: (bytes) =>
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }),
  },
  // Node 20 cannot read it, so a copy of this kind never counts as a copy of the page.
  {
    extension: '.zst',
    decode: () => Buffer.alloc(0),
    encode: () => Buffer.alloc(0),
  },
]

/** A compressed copy beside a page, as hosts serve it in place of the page. */
export interface CompressedCopy {
  readonly path: string
  /** The copy of the new page, `undefined` where the present one is no copy of the page as it was. */
  readonly renewed: Buffer | undefined
}

function isCopy({ decode }: Encoding, bytes: Uint8Array, page: Uint8Array): boolean {
  try {
    return decode(bytes, Math.max(page.length, 1)).equals(page)
  } catch {
    return false
  }
}

/** The compressed copies of a page, renewed where they held the page as it was. */
export function compressedCopies(
  path: string,
  before: Uint8Array,
  after: Uint8Array,
  read: (path: string) => Uint8Array | undefined,
): CompressedCopy[] {
  return ENCODINGS.flatMap((encoding) => {
    const name = path + encoding.extension
    const bytes = read(name)
    if (!bytes) return []
    return [{ path: name, renewed: isCopy(encoding, bytes, before) ? encoding.encode(after) : undefined }]
  })
}
