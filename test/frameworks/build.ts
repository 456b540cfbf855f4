import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory, readTree, writeTree } from '../support/files.ts'
import { exampleFolder, exampleShell } from './commands.ts'
import type { Framework } from './table.ts'

export interface BuiltExample {
  readonly site: string
  /** The same site without policy and pins. */
  readonly plain: string
  /** Protects it once more. */
  readonly again: () => Promise<void>
}

const ADDED = [
  /\s*<meta http-equiv="Content-Security-Policy" content="[^"]*" data-csp-hashes(?:="")?>/g,
  /\s*<script type="importmap" data-csp-hashes(?:="")?>[^<]*<\/script>/g,
  / integrity="sha384-[A-Za-z0-9+/]{64}"/g,
]

/** What the plugin puts into pages is taken out again. */
function strip(directory: string): void {
  const pages = Object.entries(readTree(directory)).filter(([path]) => path.endsWith('.html'))
  writeTree(
    directory,
    Object.fromEntries(
      pages.map(([path, html]) => [
        path,
        ADDED.reduce((left, added) => left.replaceAll(added, ''), html.toString('utf8')),
      ]),
    ),
  )
}

/** Builds by the example's own script. If that ends with our command, the site is copied before. */
export async function buildExample({ name, output }: Framework): Promise<BuiltExample> {
  const shell = await exampleShell(name)
  const folder = exampleFolder(name)
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: { build: string }
  }
  const [build = '', ...protect] = scripts.build.split(' && ')
  const site = join(folder, output)
  const plain = makeDirectory(name)
  rmSync(site, { recursive: true, force: true })
  await shell(build)
  cpSync(site, plain, { recursive: true })
  strip(plain)
  for (const line of protect) await shell(line)
  return { site, plain, again: async () => void (await shell(protect[0] ?? `csp-hashes ${output}`)) }
}
