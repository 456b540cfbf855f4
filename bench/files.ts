import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type Files = ReadonlyMap<string, string>

/** Writes a folder anew, unless it was made from the same recipe before. */
export function makeFolder(folder: string, recipe: string, files: () => Files): void {
  const stamp = join(folder, '.recipe')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe) return
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of files()) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(stamp, recipe)
}
