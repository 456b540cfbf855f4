import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { COMMANDS, FLAGS } from '../../src/cli/arguments.ts'
import { EXIT } from '../../src/cli/io.ts'
import { FINDINGS } from '../../src/core/findings/index.ts'
import { OPTIONS } from '../../src/options/table.ts'
import { OUTPUTS } from '../../src/outputs/index.ts'
import { refusalRules } from '../../src/verify/refusals.ts'

const ROOT = join(import.meta.dirname, '../..')
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

interface Schema {
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** Each property of a schema with its path; `?`: it may be missing. */
function shape(schema: Schema, path = ''): string[] {
  const { properties = {}, required = [], items, additionalProperties: others, $defs = {} } = schema
  const values = schema.const === undefined ? schema.enum : [schema.const]
  return [
    ...(path === ''
      ? []
      : [values ? `${path} = ${values.map((one) => JSON.stringify(one)).join(' | ')}` : path]),
    ...Object.entries(properties).flatMap(([name, one]) =>
      shape(one, `${path}.${name}${required.includes(name) ? '' : '?'}`),
    ),
    ...(items ? shape(items, `${path}[]`) : []),
    ...(typeof others === 'object' ? shape(others, `${path}.*`) : []),
    ...Object.entries($defs).flatMap(([name, one]) => shape(one, `#${name}`)),
  ]
}

/** Names of each entry of the package, types included, as the API reference lists them. */
async function exported(): Promise<string[]> {
  const script = '../../scripts/reference.js'
  const { reference } = (await import(script)) as { reference: () => string }
  const [, ...entries] = reference().split('## Types behind')[0]!.split(/^## /m)
  return entries.flatMap((entry) => {
    const [title] = entry.split('\n', 1)
    return [...entry.matchAll(/^### (\w+)\n\n```typescript\n(\w+)/gm)].map(
      ([, name, kind]) => `${title!.replaceAll('`', '')}: ${kind} ${name}`,
    )
  })
}

const section = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`), ''].join('\n')

it('is the public surface, and each line of it is a promise', async () => {
  const { exports, bin, engines, peerDependencies } = json('package.json')
  expect((await import('../../src/index.ts')).default).toBe((await import('../../src/index.ts')).cspHashes)
  const text = [
    'A line that goes or changes is a major version; a new line is a minor one.\n',
    section('Package', [
      ...Object.keys(exports).map((entry) => `exports ${entry}`),
      ...Object.keys(bin).map((name) => `bin ${name}`),
      `node ${engines.node}`,
      ...Object.entries(peerDependencies).map(([name, range]) => `peer ${name} ${String(range)}`),
    ]),
    section('Exports', ['vite-plugin-csp-hashes: default is cspHashes', ...(await exported())]),
    section(
      'Options',
      Object.entries(OPTIONS).map(([name, row]) => `${name} --${row.flag} (default ${row.default})`),
    ),
    section('Outputs', Object.keys(OUTPUTS)),
    section('Commands', COMMANDS),
    section(
      'Flags',
      Object.entries(FLAGS).map(([name, flag]) =>
        [`--${name}`, 'value' in flag && flag.value, 'short' in flag && `-${flag.short}`]
          .filter(Boolean)
          .join(' '),
      ),
    ),
    section(
      'Exit codes',
      Object.entries(EXIT).map(([name, code]) => `${code} ${name}`),
    ),
    section(
      'Findings',
      Object.entries(FINDINGS).map(([code, { severity }]) => `${code} ${severity}`),
    ),
    section('Refusals of verify', Object.keys(refusalRules)),
    section('csp-hashes.json', shape(json('schema/csp-hashes.schema.json'))),
    section('.vite/csp-hashes.json', shape(json('schema/entries.schema.json'))),
  ].join('\n')
  // `npm run build && npx vitest -u --project runs test/runs/surface` writes it.
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'surface.txt'))
})
