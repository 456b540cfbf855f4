import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { FLAGS, readArguments } from '../../src/cli/arguments.ts'
import { helpText } from '../../src/cli/help.ts'
import { type Options, resolveOptions } from '../../src/options.ts'
import { flagText, OPTION_NAMES, type OptionName, withFlags } from '../../src/options/flags.ts'
import { OPTIONS } from '../../src/options/table.ts'
import { nearest } from '../../src/core/text/nearest.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The words of a command line, as a shell reads them. */
const words = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare! : quoted.replace(/\\(.)/g, '$1'),
  )

const EXAMPLES: { readonly [Name in OptionName]: readonly unknown[] } = {
  scripts: ['dynamic'],
  fence: [true, false],
  algorithm: ['sha256'],
  preset: ['tight'],
  directives: [{ 'img-src': ["'self'", 'data:'], 'frame-src': false, 'upgrade-insecure-requests': true }],
  output: [['meta', 'netlify']],
  layout: ['split'],
  reportOnly: [true],
  reporting: [{ endpoint: '/reports' }],
  integrityPolicy: ['report'],
  trustedTypes: [true, false, ['app', 'other']],
  unsafeHashes: [true],
  nonce: ['{{nonce}}', '$NONCE$'],
  origin: [['http://intranet.example:8080']],
  external: [{ 'https://cdn.example/a.js?x=1&y': 'sha384-AbC+/=', 'https://b.example': true }],
  pages: [{ exclude: ['old/**', 'a,b.html'] }, { include: ['{de,en}/*.html'], exclude: ['x y.html'] }],
  dev: ['enforce', false],
  try: [true, false],
  findings: [{ 'eval-used': 'off', 'file-missing': 'warn' }],
}

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'csp-hashes.config.json',
  description: 'Options of vite-plugin-csp-hashes for the command csp-hashes.',
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    base: { description: 'Public base of the site: /, /sub/, ./ or the URL of a CDN.', type: 'string' },
    ...Object.fromEntries(
      Object.entries(OPTIONS).map(([name, { help, default: standard, schema: value }]) => [
        name,
        {
          description: `${help.replaceAll('`', '')}${standard === '-' ? '' : ` Default: ${standard}.`}`,
          ...value,
        },
      ]),
    ),
  },
  additionalProperties: false,
}

describe.each(OPTION_NAMES)('the option %s', (name) => {
  const { flag, default: standard, help } = OPTIONS[name]

  it.each(EXAMPLES[name].map((value) => ({ value })))(
    'is the same from a file and from flags: $value',
    ({ value }) => {
      // The endpoint alone has a flag, so that no hint can name the option as one.
      const line = name === 'reporting' ? '--reporting /reports' : flagText({ [name]: value })
      const { options } = readArguments(['dist', ...words(line!)])
      expect(withFlags({}, options)).toEqual({ [name]: value })
      expect(() => resolveOptions({ [name]: value } as Options)).not.toThrow()
    },
  )

  it('is in --help and in the README', () => {
    expect(helpText()).toContain(` --${flag}`)
    const row = read('README.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` |`))
    expect(row?.replaceAll('`', '')).toContain(
      `| ${name} | --${flag} | ${standard} | ${help.replaceAll('`', '')}`,
    )
  })

  it('has its default in the documentation of its type', () => {
    const types = read('src/options.ts')
    const before = types.slice(0, types.indexOf(`\n  readonly ${name}?:`))
    const documented = /@default ([^\n*]+)/
      .exec(before.slice(before.lastIndexOf('/**')))?.[1]
      ?.replaceAll('`', '')
      .trim()
    expect(documented).toBe(standard === '-' ? 'undefined' : standard)
  })

  it('is what a slip is taken for', () => {
    expect(nearest(name.toUpperCase().replace(/.$/, ''), OPTION_NAMES)).toBe(name)
    expect(() => readArguments([`--${flag}x`])).toThrow(`Did you mean --${flag}?`)
  })
})

describe('the command', () => {
  it.each(Object.keys(FLAGS))('has --%s in --help and in its documentation', (name) => {
    expect(helpText()).toContain(` --${name}`)
    expect(read('docs/command-line.md')).toMatch(new RegExp(`^\\| (?:\`-\\w\`, )?\`--${name}\\b`, 'm'))
  })

  it('adds what flags say about one directive', () => {
    const flags = [
      '--directive',
      "img-src 'self'",
      '--directive=img-src data:',
      '--directive',
      'font-src=false',
    ]
    const { options } = readArguments([...flags, '--directive', "script-src 'sha256-abc='"])
    expect(
      withFlags({ directives: { 'img-src': 'blob:', 'media-src': 'data:' } }, options).directives,
    ).toEqual({
      'img-src': ["'self'", 'data:'],
      'font-src': false,
      'media-src': 'data:',
      'script-src': ["'sha256-abc='"],
    })
  })
})

describe('the schema of a configuration file', () => {
  it('is made from the table (npx vitest -u writes it)', async () => {
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(
      join(ROOT, 'schema/config.schema.json'),
    )
  })

  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema)

  it.each(OPTION_NAMES.flatMap((name) => EXAMPLES[name].map((value) => [{ [name]: value }])))(
    'takes %j',
    (config) => {
      expect(validate(config)).toBe(true)
    },
  )

  it.each([
    { script: 'strict' },
    { scripts: 'strickt' },
    { directives: { imgsrc: 'data:' } },
    { output: ['netlfy'] },
    { findings: { 'eval-used': 'loud' } },
    { reporting: {} },
    { reportOnly: { output: 'meta' } },
    { external: { 'https://a.example': false } },
  ])('refuses %j, as the plugin does', (config) => {
    expect(validate(config)).toBe(false)
    expect(() => resolveOptions(config as Options)).toThrow()
  })
})
