const NOT_ASCII = /[\x80-\xFF]/

/** One character for each byte: offsets are those of the file, and whoever looks for ASCII need not decode. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The UTF-8 that a part of such a text stands for. */
export function fromLatin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text
}
