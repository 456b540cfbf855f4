import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { init, parse } from 'es-module-lexer'

/** The least that a process can do for a site: it reads the files, hashes them, and lexes the scripts. */
await init
for (const entry of readdirSync(process.argv[2] ?? '.', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(?:m?js|css|html?)$/.test(entry.name)) continue
  const bytes = readFileSync(join(entry.parentPath, entry.name))
  hash('sha384', bytes, 'base64')
  if (!/\.m?js$/.test(entry.name)) continue
  try {
    parse(bytes.toString())
  } catch {
    // A classic script may be none that the lexer knows.
  }
}
