// Puts the modules of src into few files: to load a hundred small ones costs every build more than all that they do.
// Parsers of scripts stay packages of their own, which are loaded when they are needed. `node scripts/bundle.js [folder]`
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { licences } from './licences.js'
import { root } from './run.js'

/**
 * These become part of the package. The scan extends parse5 from inside, so it needs the very version that it was tested
 * with, and every build loads it, which is twice as fast from one file. The others are small, and a package less to
 * install is one less to trust. The demo installs them: demo-checkout.js.
 */
const INCLUDED = /^(?:parse5|entities|magic-string|@jridgewell\/sourcemap-codec|jsonc-parser|diff)(?:\/|$)/

const dir = process.argv[2] ?? join(root, 'dist')

/** All that is imported before anything else happens. */
const START = join(root, 'src/index.ts')
/** All that a bundle needs at its end, and a directory at once. */
const WORK = join(root, 'src/plugin/finish-bundle.ts')

/** Modules that an entry imports, directly or not. */
function reachedBy(entry, infoOf) {
  const reached = new Set()
  const visit = (id) => {
    const info = infoOf(id)
    if (reached.has(id) || !info || info.isExternal) return
    reached.add(id)
    info.importedIds.forEach(visit)
  }
  visit(entry)
  return reached
}

function chunkNames() {
  let sets
  return (id, context) => {
    sets ??= [START, WORK].map((entry) => reachedBy(entry, (one) => context.getModuleInfo(one)))
    return ['start', 'work'][sets.findIndex((set) => set.has(id))] ?? null
  }
}

const bundle = await rolldown({
  input: {
    index: START,
    cli: join(root, 'src/cli.ts'),
    server: join(root, 'src/server.ts'),
    // A thread's program lies beside the chunk that starts it, as it does in src.
    'chunks/page-thread': join(root, 'src/directory/page-thread.ts'),
  },
  platform: 'node',
  // The other build of jsonc-parser hides its modules from bundlers.
  resolve: { mainFields: ['module', 'main'] },
  external: (id) => /^(?:node:|[a-z@][^:]*$)/.test(id) && !INCLUDED.test(id),
  treeshake: { moduleSideEffects: false },
})
// `dist/chunks/…` lies as deep as modules that look for `../../package.json`.
const { output } = await bundle.write({
  dir,
  format: 'es',
  chunkFileNames: 'chunks/[name].js',
  codeSplitting: { groups: [{ debugName: 'by entry', name: chunkNames() }] },
})
await bundle.close()
await writeFile(join(dir, 'LICENSES.txt'), await licences(output.flatMap(({ moduleIds }) => moduleIds ?? [])))
// npm sees to it in what it installs, but a link to this folder runs the file as it is.
await chmod(join(dir, 'cli.js'), 0o755)
