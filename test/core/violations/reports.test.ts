import { describe, expect, it } from 'vitest'
import { mergeRemedies, remedyText } from '../../../src/core/violations/remedy.ts'
import { pathOfUrl, readReports } from '../../../src/core/violations/violation.ts'
import { ViolationLog } from '../../../src/core/violations/violation-log.ts'
import type { ViolationSite } from '../../../src/core/violations/violation-site.ts'
import { resolveOptions } from '../../../src/options.ts'

const CHROMIUM = {
  'csp-report': {
    'document-uri': 'http://localhost:5173/',
    'violated-directive': 'img-src',
    'effective-directive': 'img-src',
    'original-policy': "img-src 'self'",
    disposition: 'report',
    'blocked-uri': 'https://a.example/x.png',
    'line-number': 3,
    'column-number': 9,
    'source-file': 'http://localhost:5173/m.js',
    'script-sample': '',
  },
}

const nowhere: ViolationSite = {
  page: () => undefined,
  script: () => undefined,
  source: () => undefined,
  own: () => [],
}

describe('readReports', () => {
  it('reads what report-uri and what the Reporting API send as the same', () => {
    const body = {
      effectiveDirective: 'img-src',
      blockedURL: 'https://a.example/x.png',
      documentURL: 'http://localhost:5173/',
      sourceFile: 'http://localhost:5173/m.js',
      lineNumber: 3,
      columnNumber: 9,
      originalPolicy: "img-src 'self'",
      sample: '',
    }
    const [byUri] = readReports(CHROMIUM)
    expect(byUri).toMatchObject({ directive: 'img-src', line: 3, column: 9, policy: "img-src 'self'" })
    expect(
      readReports([
        { type: 'csp-violation', body },
        { type: 'deprecation', body },
      ]),
    ).toEqual([byUri])
  })

  it('takes the first word of what older engines violate', () => {
    const report = { 'csp-report': { 'violated-directive': "script-src 'self'", 'blocked-uri': 'eval' } }
    expect(readReports(report)).toMatchObject([{ directive: 'script-src', blocked: 'eval' }])
  })

  it.each([
    null,
    1,
    'text',
    {},
    [],
    [null],
    { 'csp-report': 7 },
    { 'csp-report': { 'effective-directive': 'A\n' } },
  ])('reads nothing from %j', (json) => {
    expect(readReports(json)).toEqual([])
  })

  it('takes out what a terminal would obey', () => {
    const report = {
      'csp-report': {
        ...CHROMIUM['csp-report'],
        'blocked-uri': '\u001B[2Jhttps://a.example/\u009B1m',
        'line-number': -1,
      },
    }
    expect(readReports(report)).toMatchObject([{ blocked: '[2Jhttps://a.example/1m', line: 0 }])
  })
})

describe('pathOfUrl', () => {
  it.each([
    ['http://localhost/a%20b/%E2%82%AC?x#y', '/a b/€'],
    ['http://localhost/%E0%A4%A', '/%E0%A4%A'],
    ['inline', undefined],
  ])('%s: %s', (url, path) => {
    expect(pathOfUrl(url)).toBe(path)
  })
})

describe('ViolationLog', () => {
  const [violation] = readReports(CHROMIUM)
  const log = (most?: number) => new ViolationLog(nowhere, resolveOptions({}).findings, most)

  it('says a thing once, though another engine or another page reports it', () => {
    const one = log()
    expect(one.add(violation!)).toHaveLength(1)
    expect(one.add(violation!)).toEqual([])
    expect(one.add({ ...violation!, column: 3, document: 'http://localhost:5173/other.html' })).toEqual([])
    one.clear()
    expect(one.add(violation!)).toHaveLength(1)
  })

  it('counts what comes beyond the limit, and keeps none of it', () => {
    const one = log(2)
    const told = Array.from({ length: 10_000 }, (_, at) =>
      one.add({ ...violation!, blocked: `https://${at}.example/` }),
    ).flat()
    expect(told).toHaveLength(2)
    expect(one.dropped).toBe(9_998)
  })

  it('obeys the level of a finding', () => {
    const silent = new ViolationLog(nowhere, resolveOptions({ findings: { 'need-blocked': 'off' } }).findings)
    expect(silent.add(violation!)).toEqual([])
    expect(silent.remedy).toEqual({})
  })
})

describe('the options to add', () => {
  it('are one block, with each source once', () => {
    const text = remedyText(
      mergeRemedies([
        { directives: { 'img-src': ["'self'", 'https://a.example'] } },
        { directives: { 'img-src': ["'self'", 'https://b.example'] } },
        { external: { 'https://c.example': true } },
        { unsafeHashes: true },
        { trustedTypes: ['x'] },
        {},
      ]),
    )
    expect(text).toBe(`cspHashes({
  directives: {
    'img-src': ["'self'", 'https://a.example', 'https://b.example'],
  },
  external: {
    'https://c.example': true,
  },
  unsafeHashes: true,
  trustedTypes: ['x'],
})`)
    // eslint-disable-next-line typescript/no-implied-eval -- it is meant to be pasted
    const options = new Function('cspHashes', `return ${text}`)((given: object) => given) as object
    expect(() => resolveOptions(options)).not.toThrow()
  })

  it('are nothing where no option helps', () => {
    expect(remedyText(mergeRemedies([{}]))).toBeUndefined()
  })
})
