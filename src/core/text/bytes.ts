const NOT_ASCII = /[\x80-\xFF]/

/** Converts each byte to one character: offsets are those of the file, and a search for ASCII needs no decoding. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Decodes the UTF-8 in a part of such a text. */
export function fromLatin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text
}
