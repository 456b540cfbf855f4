import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory, writeTree } from './support/files.ts'

const ROOT = join(import.meta.dirname, '..')
const PACKAGE = 'vite-plugin-csp-hashes'

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md') && name !== 'docs/reference.md',
)

/** Packages that the blocks import and this project does not install, and what a piece of a configuration mentions. */
const AMBIENT = `declare module '*'
declare const sveltekit: any, adapter: any, reactRouter: any, vue: any, tanstackStart: any, react: any, ownServer: any
`

/** A block as a module: lines of a configuration become an object, and a lone call gets its import. */
function asModule(code: string): string {
  const isPiece = /^(?:\/\/.*\n)*[a-z]+: [^]*,\s*$/.test(code.trimEnd())
  const isLone = code.includes('cspHashes(') && !code.includes(`from '${PACKAGE}'`)
  const text = isPiece ? `export default {\n${code}\n}` : `${code}\nexport {}`
  return `${isLone ? `import { cspHashes } from '${PACKAGE}'\n` : ''}${text}\n`
}

function modulesOf(page: string): [string, string][] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^ *```(ts|js)\n([^]*?)^ *```$/gm)].map(([, language, code = ''], index) => [
    `${page.replaceAll(/\W/g, '-')}-${index + 1}.${language === 'ts' ? 'ts' : 'mjs'}`,
    asModule(code),
  ])
}

function typeErrors(modules: Record<string, string>): string {
  const folder = temporaryDirectory('docs-types')
  writeTree(folder, {
    ...modules,
    'ambient.d.ts': AMBIENT,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'esnext',
        moduleResolution: 'bundler',
        target: 'es2024',
        lib: ['es2024', 'dom'],
        strict: true,
        noEmit: true,
        allowJs: true,
        skipLibCheck: true,
        types: ['node'],
        paths: {
          [PACKAGE]: [join(ROOT, 'dist/index.d.ts')],
          [`${PACKAGE}/server`]: [join(ROOT, 'dist/server.d.ts')],
        },
      },
      include: ['*'],
    }),
  })
  return spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' }).stdout
}

it('the blocks of the docs are modules with right types', () => {
  const modules = Object.fromEntries(pages.flatMap(modulesOf))
  expect(Object.keys(modules).length).toBeGreaterThan(25)
  expect(typeErrors(modules)).toBe('')
})

it('a block with an option of another type would be told', () => {
  const wrong = asModule("cspHashes({ output: 'nowhere' })")
  expect(typeErrors({ 'wrong.ts': wrong })).toMatch(/wrong\.ts.*nowhere/)
})
