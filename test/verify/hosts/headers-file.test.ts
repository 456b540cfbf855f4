import { HeadersHandler } from '@netlify/headers'
import { array, assert, asyncProperty, constantFrom, oneof, tuple } from 'fast-check'
import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { cloudflare, netlify } from '../../../src/verify/hosts/headers-file.ts'
import type { HostFile } from '../../../src/verify/hosts/host-file.ts'
import { runs } from '../../properties/arbitrary.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'

const FILE = '_headers'

function sent(host: HostFile, text: string, path: string): Record<string, string> {
  const reading = host.read((file) => (file === FILE ? text : undefined), '/')
  return Object.fromEntries(reading.headers({ path, file: undefined }))
}

const directory = makeDirectory('headers-file')
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const handler = new HeadersHandler({
  configPath: undefined,
  projectDir: directory,
  publishDir: directory,
  logger: { error() {}, log() {}, warn() {} },
} as never)

/** What Netlify's own parser says about the same file. */
async function netlifySends(text: string, path: string): Promise<Record<string, string>> {
  writeTree(directory, { [FILE]: text })
  const headers = new Headers()
  await handler.apply(new Request(`https://site.example${path}`), { headers } as Response)
  return Object.fromEntries(headers)
}

const PATTERNS = [
  '/',
  '/*',
  '/about',
  '/About',
  '/about/',
  '/about.html',
  '/a*t',
  '/a.*t',
  '/*/*',
  '/*/x',
  '/blog/*',
  '/:name',
  '/:name/:name',
  '/ab:name',
  '/a(b*',
  '/a b ',
  'https://site.example/about',
]
const HEADER_LINES = [
  'X-A: 1',
  'x-a: 2',
  'X-A : 3',
  'X-A:',
  ': 4',
  '! X-A',
  '# X-A: 5',
  'X-B: a,b ,c',
  'X-B: https://other.example:8080/',
  'no header',
]
const PATHS = [
  '/',
  '/about',
  '/About',
  '/about/',
  '/about.html',
  '/a.t',
  '/a-bout',
  '/blog',
  '/blog/',
  '/blogger',
  '/blog/x',
  '/blog/x/y',
  '/a%20b',
]

describe('netlify', () => {
  it.each([
    ['an indented path', '  /about\n  X-A: 1\n', '/about'],
    ['a path in another letter case', '/About\n  X-A: 1\n', '/about'],
    ['a path without the slash at the end', '/about\n  X-A: 1\n', '/about/'],
    ['a path with two wildcards', '/*/x/*\n  X-A: 1\n', '/blog/x/y'],
    ['a wildcard for no segment', '/blog/*\n  X-A: 1\n', '/blog'],
    ['the same path twice', '/about\n  X-A: 1\n/about\n  X-A: 2\n', '/about'],
    [
      'an absolute URL, which is not a path here',
      '/about\n  X-A: 1\nhttps://a.example/*\n  X-A: 2\n',
      '/about',
    ],
  ])('reads %s as its own parser does', async (_, text, path) => {
    const expected = await netlifySends(text, path)
    expect(expected['x-a']).toBeDefined()
    expect(sent(netlify, text, path)['x-a']).toBe(expected['x-a'])
  })

  it('reads any file as its own parser does', async () => {
    const line = oneof(constantFrom(...PATTERNS), constantFrom(...HEADER_LINES))
    const indented = tuple(constantFrom('', '  ', '\t'), line).map((parts) => parts.join(''))
    const text = tuple(
      constantFrom('', '\uFEFF', '/*\n'),
      array(indented, { maxLength: 12 }),
      constantFrom('\n', '\r\n'),
    ).map(([start, lines, lineBreak]) => start + lines.join(lineBreak))
    await assert(
      asyncProperty(text, constantFrom(...PATHS), async (file, path) => {
        const expected = await netlifySends(file, path)
        const actual = sent(netlify, file, path)
        for (const name of ['x-a', 'x-b']) expect(actual[name]).toBe(expected[name])
      }),
      runs(500),
    )
  })
})

describe('cloudflare', () => {
  it.each([
    ['an indented path', '  /about\n  X-A: 1\n', '/about', '1'],
    ['a path in another letter case', '/About\n  X-A: 1\n', '/about', undefined],
    ['a path without the slash at the end', '/about\n  X-A: 1\n', '/about/', undefined],
    ['a path with two wildcards', '/*/x/*\n  X-A: 1\n', '/blog/x/y', undefined],
    ['the lines of a rule that it skips', '/about\n  X-A: 1\n/*/*\n  X-A: 2\n', '/about', '1'],
    ['a wildcard for no segment', '/blog/*\n  X-A: 1\n', '/blog', undefined],
    ['the same path twice', '/about\n  X-A: 1\n/about\n  X-A: 2\n', '/about', '2'],
    ['two rules for one path', '/*\n  X-A: 1\n/about\n  X-A: 2\n', '/about', '1, 2'],
    ['a removal', '/*\n  X-A: 1\n/about\n  ! X-A\n', '/about', undefined],
    ['a removal before the header', '/*\n  X-A: 1\n/about\n  ! X-A\n  X-A: 2\n', '/about', '2'],
    ['a rule for one host name', 'https://a.example/about\n  X-A: 1\n', '/about', undefined],
    ['a path that is not encoded', '/café\n  X-A: 1\n', '/caf%C3%A9', '1'],
    ['a placeholder', '/:name\n  X-A: is :name\n', '/about', 'is about'],
    ['a wildcard', '/blog/*\n  X-A: is :splat\n', '/blog/x/y', 'is x/y'],
  ])('reads %s', (_, text, path, value) => {
    expect(sent(cloudflare, text, path)['x-a']).toBe(value)
  })

  it.each([
    ['a line of 2,000 characters', `/*\n  X-A: ${'a'.repeat(1995)}\n`, true],
    ['a line of 2,001 characters', `/*\n  X-A: ${'a'.repeat(1996)}\n`, false],
    ['rule 100', `${'/r\n  X: 1\n'.repeat(99)}/*\n  X-A: 1\n`, true],
    ['rule 102', `${'/r\n  X: 1\n'.repeat(101)}/*\n  X-A: 1\n`, false],
  ])('reads %s: $2', (_, text, read) => {
    expect('x-a' in sent(cloudflare, text, '/')).toBe(read)
  })
})

describe.each([netlify, cloudflare])('$host says which policies it drops', (host) => {
  const problems = (text: string): string[] =>
    host
      .read(() => text, '/')
      .problems.filter(({ fatal }) => !fatal)
      .map(({ line, message }) => `${line}: ${message}`)

  it.each([
    ['a policy before any path', 'Content-Security-Policy: x\n/*\n  X-A: 1\n', 1],
    ['a policy without a value', '/*\n  Content-Security-Policy:\n', 2],
  ])('%s', (_, text, line) => {
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^${line}: `))])
  })

  it('and has nothing to say about other headers', () => {
    expect(problems('X-A: 1\n/*\n  X-B:\n  Content-Security-Policy: x\n')).toEqual([])
  })
})

describe('cloudflare says which policies it drops', () => {
  it.each([
    ['in a line that is too long', `/*\n  Content-Security-Policy: ${'a'.repeat(2000)}\n`, 2],
    ['for a path with two wildcards', '/*/*\n  Content-Security-Policy: x\n', 2],
    ['for one host name', 'https://a.example/*\n  Content-Security-Policy: x\n', 2],
    ['behind rule 100', `${'/r\n  X: 1\n'.repeat(101)}/*\n  Content-Security-Policy: x\n`, 204],
  ])('%s', (_, text, line) => {
    expect(cloudflare.read(() => text, '/').problems).toMatchObject([{ file: FILE, line, fatal: false }])
  })
})
