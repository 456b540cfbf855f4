// The support matrix: builds an example with every supported Vite on every supported Node and reads the result back.
// Writes the table into docs/start.md. Run it by hand: `npm run build && node scripts/support.js`
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root, run } from './run.js'

/** The oldest and the newest of each line that `engines` names. */
const NODES = ['20.19.0', '20.20.2', '22.12.0', '22.23.3', '24.0.0', '24.21.0']
const MAJORS = [5, 6, 7, 8]
const PAGE = join(root, 'docs/start.md')
const cache = join(root, 'scripts/.cache/support')
const example = join(root, 'examples/multi-page')

/** The binary of a version of Node, from the package that brings it. */
function nodeBinary(version) {
  const folder = join(cache, version)
  const name = `node-${process.platform}-${process.arch}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', `${name}@${version}`], { cwd: folder })
  return join(folder, 'node_modules', name, 'bin/node')
}

const viteOf = (major) =>
  createRequire(join(root, major === 8 ? 'package.json' : `test/vite/majors/${major}/package.json`)).resolve(
    'vite/package.json',
  )

/** What runs on the Node that is tried. */
const PROGRAM = `
const { build } = await import(process.argv[1])
const { cspHashes, verifyDirectory } = await import(process.argv[2])
const [root, outDir] = process.argv.slice(3)
await build({
  root, configFile: false, logLevel: 'warn', plugins: [cspHashes()],
  build: { outDir, emptyOutDir: true, rollupOptions: { input: [root + '/index.html', root + '/about/index.html'] } },
})
const { ok, pages, refusals } = await verifyDirectory(outDir)
const policies = pages.map((page) => page.policies.length)
if (!ok || refusals.length > 0 || policies.join() !== '2,2') throw new Error(JSON.stringify({ policies, refusals }))
`

function outcome(node, major) {
  const manifest = viteOf(major)
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'))
  const entry = exports['.'].import?.default ?? exports['.'].import ?? exports['.'].default ?? exports['.']
  const vite = join(manifest, '..', entry)
  const out = join(cache, 'dist')
  try {
    // Warnings of Node would be warnings of every user's build.
    execFileSync(
      node,
      [
        '--throw-deprecation',
        '--input-type=module',
        '--eval',
        PROGRAM,
        vite,
        join(root, 'dist/index.js'),
        example,
        out,
      ],
      {
        cwd: example,
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    return 'yes'
  } catch (error) {
    console.error(`Node ${node}, Vite ${major}: ${error.stderr}`)
    return '**no**'
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

const versions = MAJORS.map((major) => JSON.parse(readFileSync(viteOf(major), 'utf8')).version)
const rows = NODES.map((version) => {
  const node = nodeBinary(version)
  return `| ${version} | ${MAJORS.map((major) => outcome(node, major)).join(' | ')} |`
})
const table = [
  `| Node | ${versions.map((version) => `Vite ${version}`).join(' | ')} |`,
  `|---|${MAJORS.map(() => '---|').join('')}`,
  ...rows,
  '',
  `Run on ${process.platform}, ${new Date().toISOString().slice(0, 10)}.`,
].join('\n')
console.log(table)
const text = readFileSync(PAGE, 'utf8')
const changed = text.replace(
  /(<!-- measured:support:begin -->\n)[^]*(\n<!-- measured:support:end -->)/,
  (_, begin, end) => begin + table + end,
)
if (changed === text && !text.includes(table)) throw new Error(`${PAGE} has no place for the table.`)
writeFileSync(PAGE, changed)
if (table.includes('**no**')) process.exit(1)
