// Puts the modules of src into few files: to load a hundred small ones costs every build more than all that they do.
// Parsers stay files of their own, which are loaded when they are needed. `node scripts/bundle.js [folder]`
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './run.js'

const dir = process.argv[2] ?? join(root, 'dist')
const bundle = await rolldown({
  input: {
    index: join(root, 'src/index.ts'),
    cli: join(root, 'src/cli.ts'),
    // A thread's program lies beside the chunk that starts it, as it does in src.
    'chunks/page-thread': join(root, 'src/directory/page-thread.ts'),
  },
  platform: 'node',
  external: /^(?:node:|[a-z@][^:]*$)/,
  treeshake: { moduleSideEffects: false },
})
// `dist/chunks/…` lies as deep as modules that look for `../../package.json`.
await bundle.write({ dir, format: 'es', chunkFileNames: 'chunks/[name].js' })
await bundle.close()
// npm sees to it in what it installs, but a link to this folder runs the file as it is.
await chmod(join(dir, 'cli.js'), 0o755)
