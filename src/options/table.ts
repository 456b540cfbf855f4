import { DIRECTIVE_NAMES } from '../core/csp/directives.ts'
import { OUTPUTS } from '../outputs/index.ts'
import { choice, type EntrySyntax, globs, list, onOff, type OptionRow, record, text } from './kinds.ts'

export const SHAPES = ['strict', 'dynamic', 'loader'] as const
export const PRESETS = ['scripts-only', 'basic', 'tight'] as const
export const ALGORITHMS = ['sha256', 'sha384', 'sha512'] as const
export const LAYOUTS = ['auto', 'union', 'split', 'per-page'] as const
export const DEV_MODES = ['report', 'enforce'] as const
export const LEVELS = ['error', 'warn', 'off'] as const

const strings = { type: 'array', items: { type: 'string' } }

/** A flag like `img-src https: data:`, `img-src=false` or `upgrade-insecure-requests`. */
const DIRECTIVE: EntrySyntax = {
  read(flag) {
    const [, name = '', value = ''] = /^\s*([^\s=]*)[\s=]*([^]*?)\s*$/.exec(flag) ?? []
    if (value === '' || value === 'false') return [name, value === '']
    return [name, value.split(/\s+/)]
  },
  join: (earlier, value) => (Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value),
  write(name, value) {
    if (typeof value === 'boolean') return value ? name : `${name}=false`
    return [name, ...(Array.isArray(value) ? value : [value])].join(' ')
  },
}

/** A flag like `https://cdn.example/x.js=sha384-…`. Without a hash, the URL is allowed without pinning it. */
const EXTERNAL: EntrySyntax = {
  read(flag) {
    const [, url = flag, integrity = true] = /^(.+)=(sha(?:256|384|512)-.+)$/.exec(flag) ?? []
    return [url, integrity]
  },
  write: (url, trust) => (typeof trust === 'string' ? `${url}=${trust}` : url),
}

/** A flag like `eval-used=off`. */
const LEVEL: EntrySyntax = {
  commas: true,
  read(flag) {
    const [code = '', level = ''] = flag.split('=')
    return [code, level]
  },
  write: (code, level) => `${code}=${level}`,
}

const trial = onOff({
  flag: 'report-only',
  default: 'false',
  help: '`true` blocks nothing and only reports; an object tries out another policy beside the enforced one.',
})

const trustedTypes = list(
  { type: 'string' },
  {
    flag: 'trusted-types',
    value: '<true | name,…>',
    default: 'false',
    help: 'Requires Trusted Types; a list names the policies that the app creates.',
  },
)

const reporting = text({
  flag: 'reporting',
  value: '<endpoint>',
  default: '-',
  help: '`{ endpoint, sample? }`: where browsers send reports of what they blocked.',
})

const dev = choice([...DEV_MODES, 'false'], {
  flag: 'dev',
  default: "'report'",
  help: 'The policy of pages that `vite dev` serves: reported, enforced, or none. The command has no use for it.',
})

/**
 * All options. The flags, `--help`, the README's table, the schema of the configuration file and "Did you mean" are
 * generated from this table, or a test compares them with it.
 */
export const OPTIONS = {
  scripts: choice(SHAPES, {
    flag: 'scripts',
    default: "'strict'",
    help: 'How scripts are trusted: sealed (`strict`), passed on to what they load (`dynamic`), or by one inline loader (`loader`).',
  }),
  fence: onOff({
    flag: 'fence',
    default: "true, and false with scripts: 'dynamic'",
    help: 'A second policy that keeps scripts of other origins out.',
  }),
  algorithm: choice(ALGORITHMS, {
    flag: 'algorithm',
    default: "'sha384'",
    help: 'The hash algorithm of integrity metadata and source expressions.',
  }),
  preset: choice(PRESETS, {
    flag: 'preset',
    default: "'scripts-only'",
    help: "The directives to begin from: scripts alone, `default-src 'self'` (`basic`), or `default-src 'none'` and what the build needs (`tight`).",
  }),
  directives: record(
    DIRECTIVE,
    {
      propertyNames: { enum: DIRECTIVE_NAMES },
      additionalProperties: { anyOf: [{ type: ['string', 'boolean'] }, strings] },
    },
    {
      flag: 'directive',
      value: '"<name> <source> …"',
      default: '{}',
      help: 'Sources by directive, added to those of the preset; `false` removes a directive.',
    },
  ),
  output: list(
    { enum: Object.keys(OUTPUTS) },
    {
      flag: 'output',
      default: "'meta'",
      help: `Where the policy goes: ${Object.keys(OUTPUTS)
        .map((name) => `\`${name}\``)
        .join(', ')}, or an \`Output\` of your own.`,
    },
  ),
  layout: choice(LAYOUTS, {
    flag: 'layout',
    default: "'auto'",
    help: 'How pages share the rules of a header file: one for all (`union`), scripts in metas (`split`), one for each (`per-page`).',
  }),
  reportOnly: {
    ...trial,
    schema: {
      anyOf: [
        { type: 'boolean' },
        {
          type: 'object',
          properties: Object.fromEntries(
            ['scripts', 'fence', 'preset', 'directives'].map((name) => [
              name,
              { $ref: `#/properties/${name}` },
            ]),
          ),
          additionalProperties: false,
        },
      ],
    },
  },
  reporting: {
    ...reporting,
    schema: {
      type: 'object',
      properties: { endpoint: { type: 'string' }, sample: { type: 'boolean' } },
      required: ['endpoint'],
      additionalProperties: false,
    },
    read: (flags) => ({ endpoint: flags.at(-1) }),
    write: () => undefined,
  },
  integrityPolicy: choice(['report', 'enforce'], {
    flag: 'integrity-policy',
    default: '-',
    help: 'Sends `Integrity-Policy` for scripts, or its report-only form.',
  }),
  trustedTypes: {
    ...trustedTypes,
    schema: { anyOf: [{ type: 'boolean' }, strings] },
    read(flags, configured) {
      const names = trustedTypes.read(flags, configured)
      const [only, ...others] = Array.isArray(names) ? names : []
      return others.length === 0 && (only === 'true' || only === 'false') ? only === 'true' : names
    },
    write: (value) => trustedTypes.write(typeof value === 'boolean' ? String(value) : value),
  },
  unsafeHashes: onOff({
    flag: 'unsafe-hashes',
    default: 'false',
    help: 'Allows the inline handlers, `javascript:` URLs and style attributes that stand in the pages, and just those.',
  }),
  nonce: text({
    flag: 'nonce',
    value: '<placeholder>',
    default: '-',
    help: 'A placeholder, such as `{{nonce}}`, that your server replaces with a fresh nonce in every response.',
  }),
  origin: list(
    { type: 'string' },
    {
      flag: 'origin',
      value: '<origin,…>',
      default: '[]',
      help: 'Origins to name in the policy, such as `http://intranet.example:*`: needed for WebKit on plain http other than `localhost`.',
    },
  ),
  external: record(
    EXTERNAL,
    {
      additionalProperties: { anyOf: [{ const: true }, { type: 'string', pattern: '^sha(?:256|384|512)-' }] },
    },
    {
      flag: 'external',
      value: '<url>[=<hash>]',
      default: '{}',
      help: 'Third-party scripts by URL or origin: integrity metadata pins one, `true` loads it on trust.',
    },
  ),
  pages: globs({
    flag: 'exclude',
    second: 'include',
    default: '{}',
    help: '`{ include, exclude }`: globs of the pages to protect, and of those to leave as they are (`--include` is the other flag).',
  }),
  dev: {
    ...dev,
    schema: {
      anyOf: [
        { enum: [...DEV_MODES, false] },
        {
          type: 'object',
          properties: { mode: { enum: DEV_MODES }, overlay: { type: 'boolean' } },
          additionalProperties: false,
        },
      ],
    },
    read: (flags) => (flags.at(-1) === 'false' ? false : flags.at(-1)),
    write: (value) => (value === false ? '--dev false' : dev.write(value)),
  },
  try: onOff({
    flag: 'try',
    default: 'false',
    help: 'Opens the pages of each `vite build` in an installed browser and fails it if anything is refused. The command has `csp-hashes try`.',
  }),
  findings: record(
    LEVEL,
    { propertyNames: { pattern: '^[a-z-]+$' }, additionalProperties: { enum: LEVELS } },
    {
      flag: 'finding',
      value: '<code=error | warn | off,…>',
      default: '{}',
      help: 'The severity of findings by code.',
    },
  ),
} as const satisfies Readonly<Record<string, OptionRow>>
