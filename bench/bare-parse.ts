import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'

/** Reads and parses every page of a folder, and does nothing with it. */
const [folder = '.'] = process.argv.slice(2)
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.html')) parse(readFileSync(join(folder, name), 'utf8'))
