import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build, type InlineConfig, type Plugin } from 'vite'
import { describe, expect, it } from 'vitest'
import { cspHashes, type Options, type Output } from '../../src/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'

const page = (head: string) =>
  `<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8" />\n    ${head}\n    <script type="module" src="/main.js"></script>\n  </head>\n  <body></body>\n</html>\n`

interface Attempt {
  readonly error: string | undefined
  readonly warnings: string
  readonly written: Record<string, Buffer>
}

async function attempt(
  head: string,
  options: Options = {},
  config: InlineConfig = {},
  files: Record<string, string> = {},
): Promise<Attempt> {
  const root = temporaryDirectory('bad-input')
  writeTree(root, { 'index.html': page(head), 'main.js': 'document.title = "ran"\n', ...files })
  const { logger, warnings } = collectingLogger()
  const error = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    customLogger: logger,
    ...config,
    plugins: [...((config.plugins ?? []) as Plugin[]), cspHashes(options)],
  }).then(
    () => undefined,
    (reason: Error) => reason.message,
  )
  return { error, warnings: warnings.join('\n'), written: readTree(join(root, 'dist')) }
}

describe('a page that cannot be secured fails the build, where and why', () => {
  it.each<[string, string, string, InlineConfig]>([
    ['a script that no file answers', '<script src="/nowhere.js"></script>', 'file-missing', {}],
    [
      'a stylesheet that no file answers',
      '<link rel="stylesheet" href="https://site.example/sub/nowhere.css" />',
      'file-missing',
      { base: 'https://site.example/sub/' },
    ],
    ['a script outside the base', '<script src="/nowhere.js"></script>', 'url-outside', { base: '/sub/' }],
    ['a script that climbs out', '<script src="%2e%2e/secret.js"></script>', 'url-outside', { base: './' }],
    [
      'a script of another origin',
      '<script src="https://other.example/x.js"></script>',
      'external-unlisted',
      {},
    ],
    [
      'a policy that stands in the page',
      `<meta http-equiv="content-security-policy" content="script-src 'self'" />`,
      'policy-present',
      {},
    ],
    [
      'an import map that is no JSON',
      '<script type="importmap">{ imports: {} }</script>',
      'import-map-invalid',
      {},
    ],
    [
      'integrity of other bytes',
      '<script src="/classic.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"></script>',
      'integrity-mismatch',
      {},
    ],
  ])('%s', async (_, head, code, config) => {
    const { error, written } = await attempt(head, {}, config, { 'public/classic.js': 'classic()\n' })
    expect(error).toContain(`[${code}]`)
    // Vite puts an import map on a line of its own.
    const line = code === 'import-map-invalid' ? 6 : 5
    expect(error).toContain(`index.html:${line}:`)
    expect(error).toMatch(new RegExp(`^ *> +${line} \\| `, 'm'))
    expect(Object.keys(written).filter((path) => path.endsWith('.html'))).toEqual([])
  })

  it('tells all of them at once', async () => {
    const { error } = await attempt('<script src="/one.js"></script><script src="/two.js"></script>')
    expect(error?.match(/\[file-missing\]/g)).toHaveLength(2)
  })

  it('is told and built on where the user says so', async () => {
    const { error, warnings, written } = await attempt('<script src="/one.js"></script>', {
      findings: { 'file-missing': 'warn' },
    })
    expect(error).toBeUndefined()
    expect(warnings).toContain('[file-missing]')
    expect(written['index.html']?.toString()).toContain("'strict-dynamic'")
  })

  it('is silent where the user says so', async () => {
    const { warnings } = await attempt('<script src="/one.js"></script>', {
      findings: { 'file-missing': 'off' },
    })
    expect(warnings).not.toContain('file-missing')
  })
})

describe('what changes after it was hashed', () => {
  it.each([
    ['index.html', 'page-changed'],
    ['legacy.js', 'file-changed'],
  ])('%s', async (file, code) => {
    const late: Plugin = {
      name: 'late',
      writeBundle({ dir }) {
        writeFileSync(join(dir!, file), 'changed')
      },
    }
    const { error } = await attempt(
      '<script src="/legacy.js"></script>',
      {},
      { plugins: [late] },
      { 'public/legacy.js': 'legacy()\n' },
    )
    expect(error).toContain(`[${code}]`)
    expect(error).toContain(file)
  })
})

describe('an output that fails', () => {
  const broken: Output = {
    name: 'broken',
    deliver() {
      throw new Error('the host is on strike')
    },
  }

  it('leaves neither pages nor host files', async () => {
    const { error, written } = await attempt('', { output: ['meta', 'netlify', broken] })
    expect(error).toContain('the host is on strike')
    expect(Object.keys(written)).toEqual([])
  })
})

describe('the log', () => {
  it('has a row for each page and keeps still where it is asked to', async () => {
    const root = temporaryDirectory('log')
    writeTree(root, {
      'index.html': page('<script>document.title = "theme"</script>'),
      'main.js': 'document.title = "ran"\n',
    })
    const { logger, lines } = collectingLogger()
    await build({ root, configFile: false, customLogger: logger, plugins: [cspHashes()] })
    expect(lines.join('\n')).toMatch(/index\.html +1 +1 +\d+ B +meta/)
    const spoken = process.stdout.write
    const printed: string[] = []
    process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0
    try {
      await build({ root, configFile: false, logLevel: 'silent', plugins: [cspHashes()] })
    } finally {
      process.stdout.write = spoken
    }
    expect(printed.join('')).toBe('')
  })
})

it('shows what a terminal would obey, in warnings, errors and the table', async () => {
  const name = 'a\u001B[31m\u202E'
  const shown = String.raw`a\u001b[31m\u202e`
  const body = page(`<title>${name}</title><p onclick="${name}">`)
  const files = { [`public/${name}.html`]: body.replace(/<script.*script>/, '') }
  const { logger, lines } = collectingLogger()
  const root = temporaryDirectory('bad-input')
  writeTree(root, { 'index.html': page(''), 'main.js': '', ...files })
  const config = { root, configFile: false, customLogger: logger } as const
  await build({ ...config, plugins: [cspHashes()] })
  const told = lines.filter((line) => line.includes('csp-hashes')).join('\n')
  expect(told).toContain(`${shown}.html:`)
  expect(told).toMatch(/^a\\u001b\S+\s+\d/m)
  expect(told).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  const { error } = await attempt(`<script src="/${name}.js"></script>`)
  expect(error).toContain(shown)
  // The bundler may colour its own words.
  expect(error).not.toContain(name)
  expect(stripVTControlCharacters(error ?? '')).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})
