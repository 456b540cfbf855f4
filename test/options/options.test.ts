import { describe, expect, it } from 'vitest'
import { type Options, OptionsError, resolveOptions } from '../../src/options.ts'

function problems(options: unknown): readonly string[] {
  try {
    resolveOptions(options as Options)
  } catch (error) {
    if (error instanceof OptionsError) return error.problems
    throw error
  }
  return []
}

describe('options', () => {
  it('fills in what is left out', () => {
    const { directives, external, findings, outputs, ...rest } = resolveOptions()
    expect(rest).toMatchObject({
      scripts: 'strict',
      fence: true,
      algorithm: 'sha384',
      preset: 'scripts-only',
      layout: 'auto',
      reportOnly: false,
      origins: [],
    })
    expect(outputs.map((output) => output.name)).toEqual(['meta'])
    expect([directives.size, external.size, findings.size]).toEqual([0, 0, 0])
  })

  it('leaves the fence out of the policy of the guides', () => {
    expect(resolveOptions({ scripts: 'dynamic' }).fence).toBe(false)
    expect(resolveOptions({ scripts: 'dynamic', fence: true }).fence).toBe(true)
  })

  it.each([
    [{ script: 'strict' }, "'scripts'"],
    [{ scripts: 'strcit' }, "'strict'"],
    [{ algorithm: 'sha38' }, "'sha384'"],
    [{ output: 'netlfy' }, "'netlify'"],
    [{ directives: { imgsrc: ["'self'"] } }, "'img-src'"],
    [{ findings: { 'file-mising': 'off' } }, "'file-missing'"],
  ])('%j: names the nearest, %s', (options, name) => {
    expect(problems(options)).toEqual([expect.stringContaining(`Did you mean ${name}?`)])
  })

  it.each([
    [{ fence: 'yes' }, 'fence'],
    [{ directives: { 'img-src': true } }, "directives['img-src']"],
    [{ directives: { 'img-src': ['self'] } }, "directives['img-src'][0]"],
    [{ directives: { 'img-src': ["'none'", 'https:'] } }, 'must stand alone'],
    [{ directives: [] }, 'directives'],
    [{ output: [] }, 'output'],
    [{ origin: 'http://intranet.example/app' }, 'origin'],
    [{ external: { 'cdn.example': true } }, "external['cdn.example']"],
    [{ external: { 'https://cdn.example/x.js': 'sha1-abc' } }, "external['https://cdn.example/x.js']"],
    [{ external: { 'https://cdn.example/a;b.js': true } }, 'semicolon'],
    [{ findings: { 'file-missing': 'loud' } }, "findings['file-missing']"],
  ])('%j: says where, %s', (options, where) => {
    expect(problems(options)).toEqual([expect.stringContaining(where)])
  })

  it.each([
    ['http://intranet.example:8080', 'http://intranet.example:8080'],
    ['HTTP://Exämple.de:*/', 'http://xn--exmple-cua.de:*'],
    ['https://a.example:443', 'https://a.example'],
    ['http://*.lan:*', 'http://*.lan:*'],
    ['app://-', 'app://-'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['tauri://localhost:*', 'tauri://localhost:*'],
    ['chrome-extension://abcdefgh', 'chrome-extension://abcdefgh'],
  ])('takes %s as an origin', (origin, source) => {
    expect(resolveOptions({ origin }).origins).toEqual([source])
  })

  it.each([
    'http://a/x',
    'http://a?x',
    'http://a#x',
    'http://u@a',
    'http://u:p@a',
    'http://',
    'file:///',
    'a',
    'http://a b',
    'http://a;b',
    'http://a,b',
    "app://'self'",
    'http://a:99999',
    'http://a:*:*',
    'app://a:x',
    'http://a.example;default-src',
    'http://a.example, https://b.example',
  ])('takes %s for no origin', (origin) => {
    expect(problems({ origin })).toEqual([expect.stringContaining('is not an origin')])
  })

  it.each([
    ['http://[::1]:8080', 'IPv6'],
    ['http://my_host:8080', 'underscore'],
  ])('refuses %s, which browsers ignore, and says why', (origin, reason) => {
    expect(problems({ origin })).toEqual([expect.stringContaining(reason)])
  })

  it('tells every problem at once', () => {
    expect(problems({ scripts: 'x', fence: 1, nonsense: true })).toHaveLength(3)
  })
})
