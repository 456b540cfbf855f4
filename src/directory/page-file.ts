import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { DirectoryError } from '../files/errors.ts'

/** The content of a file, with its stats from the time of reading. */
export interface ReadFile {
  /** Valid until the next file is read. */
  readonly bytes: Buffer
  readonly stats: Stats
}

const LEAST_ROOM = 256 * 1024

/** Reads and encodes files into two buffers that are reused for every page. */
export class FileBuffer {
  private input = Buffer.allocUnsafeSlow(LEAST_ROOM)
  private output = Buffer.allocUnsafeSlow(LEAST_ROOM)

  /** @throws {DirectoryError} if the file cannot be read */
  read(path: string, real: string): ReadFile {
    try {
      const file = openSync(real, 'r')
      try {
        const stats = fstatSync(file)
        if (stats.size >= this.input.length) this.input = Buffer.allocUnsafeSlow(stats.size * 2)
        let length = 0
        // A file that grows during the read is detected at the end of the run: see `SeenFiles`.
        for (let more = -1; more !== 0 && length < stats.size; length += more)
          more = readSync(file, this.input, length, this.input.length - length, null)
        return { bytes: this.input.subarray(0, length), stats }
      } finally {
        closeSync(file)
      }
    } catch (error) {
      throw DirectoryError.from(error, 'read', path)
    }
  }

  /** Encodes a text as UTF-8. The result is valid until the next call. */
  encode(text: string): Buffer {
    const most = text.length * 3
    if (most > this.output.length) this.output = Buffer.allocUnsafeSlow(most)
    return this.output.subarray(0, this.output.write(text, 'utf8'))
  }
}

/** Records the inode, size and modification time of files, to detect writes by other programs. */
export class SeenFiles {
  private readonly paths: string[] = []
  private readonly facts: number[] = []

  add(path: string, { ino, size, mtimeMs }: Stats): void {
    this.paths.push(path)
    this.facts.push(ino, size, mtimeMs)
  }

  /** The first file that has changed. */
  changed(place: (path: string) => string): string | undefined {
    return this.paths.find((path, index) => {
      const stats = statSync(place(path), { throwIfNoEntry: false })
      const { facts } = this
      const at = index * 3
      return stats?.ino !== facts[at] || stats?.size !== facts[at + 1] || stats?.mtimeMs !== facts[at + 2]
    })
  }
}
