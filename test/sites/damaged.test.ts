import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { checkFinished } from '../../src/own-result.ts'
import { verifySite } from '../../src/verify/index.ts'
import { type Browser, launch } from '../browsers/index.ts'
import { serve, type Served } from '../browsers/serve.ts'
import { randomSequence } from '../core/html/documents.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { memorySite } from '../support/memory-site.ts'
import { downloadSites, unpackSite } from './packages.ts'

/** A package that ships its documentation, 153 pages of it. */
const PACKAGE = {
  package: 'paper',
  version: '0.12.17',
  integrity:
    'sha512-oCe+e1C2w8hKIcGoAqUjD0GGxGPv+itrRXlEFUmp3H8tY/NTnHOkYgpJFPGw6OJ8Q1Wa6+RgzlY7Dx/2WWHtkA==',
  shows: '',
}

const DOCUMENTATION = ['dist/docs', 'examples'].map((directory) => ({
  ...PACKAGE,
  directory,
  mount: directory,
}))

const PAGES = 200
const HEAD = 2048
const SAMPLE = 6
const seed = Number(process.env['SEED'] ?? 2_026_11)

/** What is missing beside a page that was taken out of its site is not what this is about. */
const options = resolveOptions({
  findings: {
    'file-missing': 'off',
    'url-outside': 'off',
    'url-invalid': 'off',
    'external-unlisted': 'off',
    'integrity-without-cors': 'off',
    'import-map-invalid': 'off',
  },
})

const root = makeDirectory('damaged')

function htmlBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .toSorted()
    .map((path) => join(folder, path))
}

/** One byte of the first two kilobytes is deleted, doubled, or another one is put before it. */
function damaged(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * Math.min(bytes.length, HEAD))
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)]
  const kind = Math.floor(random() * 3)
  if (kind === 0) return Buffer.concat([before, behind.subarray(1)])
  const inserted = kind === 1 ? behind.subarray(0, 1) : Buffer.from([Math.floor(random() * 256)])
  return Buffer.concat([before, inserted, behind])
}

const asText = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The page as it would be written, or why the run refuses it. */
function secured(html: string): { readonly html: string; readonly refused: readonly string[] } {
  const { pages, findings } = secureSite(memorySite({ 'index.html': html }), options)
  const [page] = pages
  if (!page) throw new Error('a page went in')
  const found = [...findings, ...checkFinished(page)].filter(({ severity }) => severity === 'error')
  return { html: page.html, refused: found.map(({ code }) => code) }
}

/** What the oracle says of the policy and of inline scripts; what is missing around the page is left out. */
function refusals(html: string): string[] {
  const about = /^(?:policy-|inline-|import-map-blocked|charset-late|hash-unused|fence-broken|source-invalid)/
  return verifySite({
    base: '/',
    pages: () => ['index.html'],
    read: (path) => (path === 'index.html' ? Buffer.from(html) : undefined),
  }).refusals.flatMap(({ code }) => (about.test(code) ? [code] : []))
}

const done: { readonly original: string; readonly html: string }[] = []
let refused = 0

beforeAll(() => {
  downloadSites(DOCUMENTATION.slice(0, 1))
  for (const one of DOCUMENTATION) unpackSite(one, root)
  const modules = join(import.meta.dirname, '../../node_modules')
  const sources = [
    ...htmlBelow(root),
    ...htmlBelow(join(modules, 'playwright-core')),
    ...htmlBelow(join(modules, 're2')),
  ]
  const random = randomSequence(seed)
  for (let page = 0; page < PAGES; page++) {
    const source = readFileSync(sources[page % sources.length]!)
    const original = asText(damaged(source, random))
    const result = original === undefined ? undefined : secured(original)
    if (original === undefined || !result || result.refused.length > 0) refused++
    else done.push({ original, html: result.html })
  }
})

describe(`${PAGES} pages of documentation, each with one byte damaged at random (SEED=${seed})`, () => {
  it('are governed by their policy, or refused', () => {
    expect(done.length + refused).toBe(PAGES)
    expect(done.length).toBeGreaterThan(PAGES / 2)
    const wrong = done.flatMap(({ original, html }) => {
      const codes = refusals(html)
      return codes.length > 0 ? [{ codes, head: original.slice(0, HEAD) }] : []
    })
    expect(wrong).toEqual([])
  })

  it('do not change in a second run', () => {
    expect(
      done.filter(({ html }) => secured(html).html !== html).map(({ html }) => html.slice(0, HEAD)),
    ).toEqual([])
  })
})

describe('a sample of them in Chromium', () => {
  let browser: Browser
  let served: Served

  beforeAll(async () => {
    const inject = (html: string, at: number): string =>
      `${html.slice(0, at)}<script>globalThis.injected = true</script>${html.slice(at)}`
    const sample = done.filter((_, index) => index % Math.floor(done.length / SAMPLE) === 0).slice(0, SAMPLE)
    const pages = sample.flatMap(({ html }, index) => {
      const mark = 'data-csp-hashes>'
      const behind = html.lastIndexOf(mark, html.indexOf('</head') + 1 || undefined) + mark.length
      const bare = html.replaceAll(
        /<meta http-equiv="Content-Security-Policy"[^>]*data-csp-hashes>/g,
        '<meta name=bare>',
      )
      const shift = bare.length - html.length
      return [
        [`policy-${index}.html`, inject(html, behind)],
        [`bare-${index}.html`, inject(bare, behind + shift)],
      ]
    })
    writeTree(join(root, 'sample'), Object.fromEntries(pages) as Record<string, string>)
    served = await serve({ dir: join(root, 'sample') })
    browser = await launch('chromium')
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  it.each(Array.from({ length: SAMPLE }, (_, index) => index))(
    'page %i runs nothing injected',
    async (index) => {
      const ran = async (path: string): Promise<boolean> =>
        (await browser.visit(served.url(path))).evaluate('globalThis.injected === true')
      expect(await ran(`/bare-${index}.html`)).toBe(true)
      expect(await ran(`/policy-${index}.html`)).toBe(false)
    },
  )
})
