import { describe, expect, it } from 'vitest'
import { cloudflare, netlify } from '../../src/verify/hosts/headers-file.ts'
import { apache } from '../../src/verify/hosts/apache.ts'
import { azure } from '../../src/verify/hosts/azure.ts'
import { firebase } from '../../src/verify/hosts/firebase.ts'
import { vercel } from '../../src/verify/hosts/vercel.ts'
import type { HostFile } from '../../src/verify/hosts/host-file.ts'

const policy = 'Content-Security-Policy'
const path = `/${'a'.repeat(300)}!`
const file = path.slice(1)
const json = (source: string, key = 'headers'): string =>
  JSON.stringify({ [key]: [{ source, headers: [{ key: policy, value: 'x' }] }] })

// Each of these took minutes, or the whole memory, where a pattern was tried by backtracking or a list by calls.
describe.each<[string, HostFile, string]>([
  ['100,000 stars', netlify, `/${'*'.repeat(100_000)}/x\n  ${policy}: x`],
  ['100,000 stars', cloudflare, `/${'*'.repeat(100_000)}/x\n  ${policy}: x`],
  ['stars between letters', netlify, `/${'*a'.repeat(30)}/x\n  ${policy}: x`],
  [
    'placeholders side by side',
    cloudflare,
    `/${Array.from({ length: 30 }, (_, index) => `:p${index}`).join('-')}/x\n  ${policy}: x`,
  ],
  ['a pattern in a pattern', apache, `<FilesMatch "^(a+)+$">\nHeader set ${policy} x\n</FilesMatch>`],
  ['a glob of stars', apache, `<Files "${'*a'.repeat(30)}b">\nHeader set ${policy} x\n</Files>`],
  [
    'stars in a route',
    azure,
    JSON.stringify({ routes: [{ route: `/${'*a'.repeat(30)}b`, headers: { [policy]: 'x' } }] }),
  ],
  [
    'stars in a glob',
    firebase,
    JSON.stringify({ hosting: JSON.parse(json(`/${'**/a'.repeat(30)}b`)) as unknown }),
  ],
  ['a pattern in a source', vercel, json('/((?:a+)+)')],
  ['brackets without end', azure, '['.repeat(100_000)],
  ['brackets without end', firebase, '{"a":'.repeat(100_000)],
  ['brackets without end', vercel, '['.repeat(100_000)],
  ['slashes behind a comma', firebase, `{"a":1,${'// '.repeat(5000)}x`],
])('%s', (_, host, text) => {
  it(`do not hang the reader of ${host.files[0]} (${host.host}), and match nothing`, () => {
    const reading = host.read(() => text, '/')
    expect(reading.headers({ path, file })).toEqual([])
  })
})

it('says that a pattern which it does not read is not judged', () => {
  const text = `/${'a*'.repeat(20_000)}\n  ${policy}: x`
  expect(netlify.read(() => text, '/').problems).toMatchObject([{ line: 2, fatal: false }])
})
