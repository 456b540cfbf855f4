import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import {
  isPinnable,
  isTrusted,
  type LoadedResource,
  type Pin,
  Pinner,
  type PinSettings,
  trustedScripts,
} from '../../../src/core/page/pin.ts'
import { digest } from '../../../src/core/site/digest.ts'
import { documentBaseUrl } from '../../../src/core/site/urls.ts'
import { memorySite } from '../../support/memory-site.ts'

const CODE = 'run()'
const HASH = digest(CODE, 'sha384')
const OTHER = digest('other()', 'sha384')
const NOTHING: PinSettings = { scripts: 'strict', external: new Map() }

function resource(html: string): LoadedResource {
  const [first] = scanPage('index.html', html).resources
  if (!first || !('url' in first)) throw new Error(html)
  return first
}

function pin(html: string, settings: Partial<PinSettings> = {}): Pin {
  const site = memorySite({ 'a.js': CODE, 'a.css': CODE })
  const page = scanPage('index.html', html)
  const base = documentBaseUrl(site, 'index.html', undefined)
  const all = { ...NOTHING, ...settings }
  return new Pinner(site, page, base, all, (path) => (site.file(path) ? HASH : undefined)).pin(resource(html))
}

const codes = ({ findings }: Pin): string[] => findings.map(({ code }) => code)
const external = (key: string, trust: typeof HASH | true): Partial<PinSettings> => ({
  external: new Map([[key, trust]]),
})

describe('a resource', () => {
  it('of the site is pinned by the hash of its file', () => {
    expect(pin('<link rel="stylesheet" href="/a.css">')).toMatchObject({ file: 'a.css', insert: HASH })
    expect(pin('<script src="/a.js?v=1"></script>')).toMatchObject({ file: 'a.js', carried: [HASH] })
  })

  it('keeps the integrity that it has, which must be right', () => {
    expect(pin(`<script integrity="${HASH}" src="/a.js"></script>`)).toEqual({
      file: 'a.js',
      url: new URL('a.js', documentBaseUrl({ base: '/' }, 'index.html', undefined)),
      carried: [HASH],
      findings: [],
    })
    expect(codes(pin(`<script integrity="${OTHER}" src="/a.js"></script>`))).toEqual(['integrity-mismatch'])
  })

  it.each([
    ['file-missing', '<script src="/gone.js"></script>', {}],
    ['url-invalid', '<script src="http://[/"></script>', {}],
    ['external-unlisted', '<script src="https://cdn.test/x.js"></script>', {}],
    [
      'integrity-without-cors',
      '<script src="https://cdn.test/x.js"></script>',
      external('https://cdn.test/x.js', OTHER),
    ],
    [
      'trust-needs-strict',
      '<script src="https://cdn.test/x.js"></script>',
      { ...external('https://cdn.test/', true), scripts: 'dynamic' },
    ],
  ] as const)('is refused with %s', (code, html, settings) => {
    expect(codes(pin(html, settings))).toEqual([code])
  })

  it('of another origin gets the pin of the user, with CORS', () => {
    const html = '<script crossorigin src="https://cdn.test/x.js?v=1"></script>'
    expect(pin(html, external('https://cdn.test/x.js', OTHER))).toEqual({
      foreign: 'https://cdn.test/x.js',
      carried: [OTHER],
      insert: OTHER,
      findings: [],
    })
  })

  it('is left alone where integrity means nothing to a browser', () => {
    expect(isPinnable(resource('<link rel="preload" as="font" href="/f.woff2">'))).toBe(false)
    expect(isPinnable(resource('<link rel="preload" as="style" href="/a.css">'))).toBe(true)
    expect(isPinnable(resource('<script type="text/template" src="/a.js"></script>'))).toBe(false)
  })
})

describe('trust', () => {
  it('is given to a URL, its query left out, to an origin and to what lies below a folder', () => {
    const url = new URL('https://cdn.test/lib/x.js?v=1')
    for (const key of [
      'https://cdn.test/lib/x.js?v=1',
      'https://cdn.test/lib/x.js',
      'https://cdn.test',
      'https://cdn.test/lib/',
    ])
      expect(isTrusted(url, new Map([[key, true]])), key).toBe(true)
    for (const key of [
      'https://cdn.test/lib',
      'https://cdn.test/li',
      'http://cdn.test',
      'https://cdn.test.evil',
    ])
      expect(isTrusted(url, new Map([[key, true]])), key).toBe(false)
  })

  it('lets in hashes alone under dynamic, and URLs as well otherwise', () => {
    const listed: PinSettings['external'] = new Map<string, typeof OTHER | true>([
      ['https://cdn.test/x.js', OTHER],
      ['/own.js', true],
    ])
    const dynamic = trustedScripts(listed, 'dynamic')
    expect(dynamic.hashes.map(({ expression }) => expression)).toEqual([`'${OTHER}'`])
    expect(dynamic.foreign).toEqual([])
    expect(dynamic.urls.map(({ pathname }) => pathname)).toEqual(['/own.js'])
    expect(trustedScripts(listed, 'strict').foreign.map(({ expression }) => expression)).toEqual([
      'https://cdn.test/x.js',
    ])
  })
})
