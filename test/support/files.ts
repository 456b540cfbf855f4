import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const TEMPORARY = join(import.meta.dirname, '../.tmp')

/** A directory inside the checkout (so that packages resolve from it), removed when the test is over. */
export function temporaryDirectory(name: string): string {
  const directory = makeDirectory(name)
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The same for a whole test file; the caller removes it. */
export function makeDirectory(name: string): string {
  mkdirSync(TEMPORARY, { recursive: true })
  return mkdtempSync(join(TEMPORARY, `${name}-`))
}

export function readTree(directory: string): Record<string, Buffer> {
  if (!existsSync(directory)) return {}
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(directory, path)).isFile())
      .map((path) => [path, readFileSync(join(directory, path))]),
  )
}

export function writeTree(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
}
