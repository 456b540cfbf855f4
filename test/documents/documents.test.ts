import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { DOORS } from './doors.ts'

const site = join(import.meta.dirname, 'site')
const expected = readTree(join(import.meta.dirname, 'expected'))
const given = readTree(site)

const isPage = (path: string) => path.endsWith('.html')
const asText = (files: Record<string, Buffer>) =>
  Object.fromEntries(
    Object.entries(files).flatMap(([path, bytes]) => (isPage(path) ? [[path, bytes.toString('utf8')]] : [])),
  )

/** What the oracle refuses of a site, by its own rules. */
const refusedIn = (files: Record<string, Buffer>): string[] =>
  verifySite({
    base: '/',
    pages: () => Object.keys(files).filter(isPage),
    read: (path) => files[path],
  }).refusals.map(({ code, location }) => `${location.file} ${code}`)

describe.each(Object.entries(DOORS))('documents through the %s', (_, door) => {
  it('come out as expected, and again the same', async () => {
    const first = await door(site, {})
    expect(asText(first)).toEqual(asText(expected))
    expect(refusedIn(first)).toEqual([])
    const [asset] = Object.keys(first).filter((path) => path.endsWith('.js'))
    expect(refusedIn({ ...first, [asset!]: Buffer.from('other()') })).not.toEqual([])
    const again = temporaryDirectory('again')
    writeTree(again, Object.fromEntries(Object.keys(given).map((path) => [path, first[path]!])))
    expect(asText(await door(again, {}))).toEqual(asText(expected))
  })
})

describe('what is inserted, and nothing else', () => {
  const INSERTED = [
    /(?:\r?\n[ \t]*)?<meta data-csp-hashes [^>]*>/g,
    /(?:\r?\n[ \t]*)?<meta http-equiv="Content-Security-Policy" content="[^"]*" data-csp-hashes>/g,
    / integrity="sha384-[A-Za-z0-9+/]{64}"/g,
  ]

  it.each(Object.keys(given).filter(isPage))('%s is byte for byte the same without it', (path) => {
    const left = INSERTED.reduce(
      (html, pattern) => html.replaceAll(pattern, ''),
      expected[path]!.toString('utf8'),
    )
    expect(Buffer.from(left).equals(given[path]!)).toBe(true)
  })
})

describe('the hashes, worked out by hand', () => {
  const sha384 = (text: string) => `'sha384-${createHash('sha384').update(text).digest('base64')}'`
  const policyOf = (page: string) =>
    /content="(script-src [^"]*)"/.exec(
      readFileSync(join(import.meta.dirname, 'expected', page), 'utf8'),
    )![1]!
  const hashesOf = (page: string) => new Set(policyOf(page).match(/'sha384-[^']*'/g))

  it.each([
    ['crlf.html', ['\n    document.title = "ran"\n  ']],
    ['bom.html', ['document.title = "\uFEFFran"']],
    ['svg-scripts.html', ['document.title = "a" + "<"', 'document.title = "b<"']],
    ['templates.html', ['document.title = "shadow"', 'document.title = "clone"', 'document.title = "inner"']],
    ['srcdoc.html', ['parent.document.title = "ran"']],
    ['noscript.html', ['document.title = "ran"']],
    ['table.html', ['document.title = "in"', 'document.title = "cell"', 'document.title = "out"']],
    [
      'script-kinds.html',
      ['{"prefetch":[{"source":"list","urls":["/next"]}]}', 'legacy()', 'document.title = "ran"'],
    ],
    [
      'own-import-map.html',
      ['\n{\n  "imports": { "lib": "/assets/classic.js" }\n}\n', 'document.title = "ran"'],
    ],
    ['no-scripts.html', []],
  ])('%s', (page, texts) => {
    expect(hashesOf(page)).toEqual(new Set(texts.map(sha384)))
  })
})
