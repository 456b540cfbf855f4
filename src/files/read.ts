import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes of a file; `undefined` if it does not exist or is not a file. */
export function readFile(directory: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(directory, path))
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

/** Decodes a page; `undefined` if it is not valid UTF-8. */
export function decodePage(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
