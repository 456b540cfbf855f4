import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'

interface Codec {
  /** @throws {Error} if the bytes are not in this format, or decode to more than `limit` bytes */
  decode(bytes: Uint8Array, limit: number): Buffer
  encode(bytes: Uint8Array): Buffer
}

interface Encoding {
  readonly extension: string
  /** `undefined` if Node.js 20 cannot decode the format. Such a file is never recognized as a copy of the page. */
  readonly codec: Codec | undefined
}

const gzip: Codec = {
  decode: (bytes, limit) => gunzipSync(bytes, { maxOutputLength: limit }),
  encode: (bytes) => gzipSync(bytes, { level: 9 }),
}

const brotli: Codec = {
  decode: (bytes, limit) => brotliDecompressSync(bytes, { maxOutputLength: limit }),
  encode: (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }),
}

/** The formats of compressed copies. A copy has the name of the page plus this extension. */
export const ENCODINGS: readonly Encoding[] = [
  { extension: '.gz', codec: gzip },
  { extension: '.br', codec: brotli },
  { extension: '.zst', codec: undefined },
]

/** A compressed copy of a page, which hosts serve in place of the page. */
export interface CompressedCopy {
  readonly path: string
  /** The recompressed copy of the new page; `undefined` if the file was not a copy of the old page. */
  readonly renewed: Buffer | undefined
}

function isCopy({ decode }: Codec, bytes: Uint8Array, page: Uint8Array): boolean {
  try {
    return decode(bytes, Math.max(page.length, 1)).equals(page)
  } catch {
    return false
  }
}

/** For each compressed copy of the old page, compresses the new page. */
export function compressedCopies(
  path: string,
  before: Uint8Array,
  after: Uint8Array,
  read: (path: string) => Uint8Array | undefined,
): CompressedCopy[] {
  return ENCODINGS.flatMap(({ extension, codec }) => {
    const name = path + extension
    const bytes = read(name)
    if (!bytes) return []
    return [{ path: name, renewed: codec && isCopy(codec, bytes, before) ? codec.encode(after) : undefined }]
  })
}
