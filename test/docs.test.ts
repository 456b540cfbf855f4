import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse as parseJson, type ParseError } from 'jsonc-parser'
import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/cli/arguments.ts'
import { ownServer } from './outputs/own-server.ts'
import { cspHashes, type Options } from '../src/index.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

interface Block {
  readonly where: string
  readonly language: string
  readonly code: string
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^ *```(\w+)\n([^]*?)^ *```$/gm)].map((match) => ({
    where: `${page}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }))
}

const BLOCKS = PAGES.flatMap(blocksOf)

/** The arguments of every `cspHashes(…)` of a block. Hashes are written short there. */
function callsOf(code: string): string[] {
  return [...code.matchAll(/cspHashes\(/g)].map(({ index }) => {
    const start = index + 'cspHashes('.length
    let depth = 1
    let end = start
    for (; depth > 0 && end < code.length; end++) {
      if (/[([{]/.test(code[end] ?? '')) depth++
      if (/[)\]}]/.test(code[end] ?? '')) depth--
    }
    return code.slice(start, end - 1).replaceAll('sha384-…', `sha384-${'A'.repeat(64)}`)
  })
}

const calls = BLOCKS.filter(({ language }) => language === 'ts').flatMap(({ where, code }) =>
  callsOf(code).map((options) => ({ where, options })),
)
const commands = BLOCKS.filter(({ language }) => language === 'sh').flatMap(({ where, code }) =>
  [...code.matchAll(/^(?:.*&& )?(?:npx )?csp-hashes (.*)$/gm)].map(([, rest = '']) => ({
    where,
    line: rest.replace(/ +#.*$/, '').replace(/ &&.*$/, ''),
  })),
)

/** Headings as anchors of GitHub and of VitePress, which agree where a heading begins with a letter. */
const anchorsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const links = [...PAGES, 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, path = '', anchor]) => ({ page, path, anchor }),
  ),
)

describe('the docs', () => {
  it.each(links)('have the place that $page links to: $path $anchor', ({ page, path, anchor }) => {
    const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path)
    expect(existsSync(target)).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor)
  })

  it('have every page in the side bar of the site', () => {
    const config = readFileSync(join(ROOT, 'docs/.vitepress/config.ts'), 'utf8')
    const listed = [...config.slice(config.indexOf('sidebar:')).matchAll(/page\('[^']+', '\/([^']+)'\)/g)]
    expect(listed.map(([, name]) => `docs/${name}.md`).toSorted()).toEqual(
      PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/index.md').toSorted(),
    )
  })

  it('have code to try', () => {
    expect(calls.length).toBeGreaterThan(20)
    expect(commands.length).toBeGreaterThan(5)
  })

  it.each(calls)('show options that the plugin takes, at $where', ({ options }) => {
    // oxlint-disable-next-line no-implied-eval -- code of our own docs
    const value = new Function('ownServer', `return [${options}]`)(ownServer) as [Options?]
    expect(cspHashes(...value).name).toBe('vite-plugin-csp-hashes')
  })

  it.each(BLOCKS.filter(({ language }) => language === 'json'))(
    'show JSON that parses, at $where',
    ({ code }) => {
      const errors: ParseError[] = []
      // A script of package.json stands alone.
      parseJson(/^\s*[{[]/.test(code) ? code : `{${code}}`, errors)
      expect(errors).toEqual([])
    },
  )

  it.each(commands)('show a command that is taken, at $where: $line', ({ line }) => {
    const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
    expect(() => readArguments(words)).not.toThrow()
  })
})
