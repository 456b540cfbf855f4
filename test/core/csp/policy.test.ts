import { describe, expect, it } from 'vitest'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { memorySite } from '../../support/memory-site.ts'

function directive(
  name: string,
  files: Record<string, string> | string,
  options: Options = {},
): string | undefined {
  const site = memorySite(typeof files === 'string' ? { 'index.html': files } : files)
  const main = secureSite(site, resolveOptions(options)).pages[0]?.policies.find(
    ({ role }) => role === 'main',
  )
  return main?.directives
    .get(name)
    ?.map((source) => source.expression)
    .join(' ')
}

const STYLE = '<!doctype html><style>p{}</style>'
// openssl dgst -sha384 -binary | base64, of p{}
const STYLE_HASH = "'sha384-l5tjHW8LADNSE1AyPUmwbkf/3UM+JeWJSCHSxsox6miUwcatnR+pEle0o/Ibe1pq'"

describe('directives of the user', () => {
  it('are added to what the build needs', () => {
    const options: Options = { preset: 'tight', directives: { 'img-src': ['https://img.test'] } }
    expect(directive('img-src', '<!doctype html><img src="a.png">', options)).toBe("https://img.test 'self'")
  })

  it('keep what default-src lets, under basic', () => {
    const options: Options = { preset: 'basic', directives: { 'img-src': ['https://img.test'] } }
    expect(directive('img-src', '<!doctype html><img src="a.png">', options)).toBe("https://img.test 'self'")
  })

  it("close a directive with 'none', whatever the build needs", () => {
    const options: Options = { preset: 'tight', directives: { 'img-src': "'none'" } }
    expect(directive('img-src', '<!doctype html><img src="a.png">', options)).toBe("'none'")
  })

  it('remove a directive, and it stays away', () => {
    const options: Options = { preset: 'tight', directives: { 'img-src': false, 'worker-src': false } }
    expect(directive('img-src', '<!doctype html><img src="a.png">', options)).toBeUndefined()
    expect(
      directive('worker-src', '<!doctype html><script>new Worker("/w.js")</script>', options),
    ).toBeUndefined()
  })
})

describe('inline styles', () => {
  it('are hashed where something decides about styles', () => {
    expect(directive('style-src', STYLE)).toBeUndefined()
    expect(directive('style-src', STYLE, { preset: 'basic' })).toBe(`${STYLE_HASH} 'self'`)
    expect(directive('style-src', STYLE, { preset: 'tight' })).toBe(STYLE_HASH)
    expect(directive('style-src', STYLE, { directives: { 'style-src': ["'self'"] } })).toBe(
      `${STYLE_HASH} 'self'`,
    )
  })

  it("leave a user's 'unsafe-inline' in force", () => {
    const options: Options = {
      preset: 'tight',
      directives: { 'style-src': ["'unsafe-inline'"] },
      unsafeHashes: true,
    }
    expect(directive('style-src', `${STYLE}<p style="color:red">`, options)).toBe("'unsafe-inline'")
    expect(directive('style-src-attr', `${STYLE}<p style="color:red">`, options)).toBeUndefined()
  })

  it("are hashed beside 'unsafe-inline' where a hash of the user's has switched it off", () => {
    const own = `'sha384-${'A'.repeat(64)}'`
    const options: Options = { preset: 'tight', directives: { 'style-src': ["'unsafe-inline'", own] } }
    expect(directive('style-src', STYLE, options)?.split(' ').toSorted()).toEqual(
      [own, STYLE_HASH, "'unsafe-inline'"].toSorted(),
    )
  })
})

describe('unsafeHashes', () => {
  const page = '<!doctype html><body onload="go()"><a href="javascript:go()">x</a><p style="color:red">'
  // openssl dgst -sha256 -binary | base64, of go(), javascript:go() and color:red
  const [handler, url, style] = [
    "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='",
    "'sha256-jDbRdnWRhziiD2lk72MDyCAg2B/6fVdy02GN3Xik1hA='",
    "'sha256-8f935d27GvUutRyY9yWScUMiFUk4WTdZURISiYfPOeQ='",
  ]
  const options: Options = { unsafeHashes: true, preset: 'tight', algorithm: 'sha256' }
  const files = { 'index.html': `${page}<script>1</script>` }

  it('allows handlers, URLs and style attributes by their hashes, each where it is decided', () => {
    expect(directive('script-src-attr', files, options)).toBe(`${handler} 'unsafe-hashes'`)
    expect(directive('script-src-elem', files, options)?.split(' ')).toEqual(
      expect.arrayContaining([url, "'unsafe-hashes'"]),
    )
    expect(directive('style-src-attr', files, options)).toBe(`${style} 'unsafe-hashes'`)
    expect(directive('script-src', files, options)).not.toContain("'unsafe-hashes'")
  })

  it('says nothing about styles where nothing decides about them', () => {
    expect(directive('style-src-attr', files, { unsafeHashes: true })).toBeUndefined()
    expect(directive('script-src-attr', files, { unsafeHashes: true })).toContain("'unsafe-hashes'")
  })
})

describe('nonce', () => {
  it('stands beside the hashes, and never in the fence', () => {
    const site = memorySite({ 'index.html': `${STYLE}<script>1</script>` })
    const options = resolveOptions({ preset: 'tight', nonce: '{{nonce}}' })
    const [main, fence] = secureSite(site, options).pages[0]?.policies ?? []
    const has = (name: string) =>
      main?.directives.get(name)?.some(({ expression }) => expression === "'nonce-{{nonce}}'")
    expect([has('script-src'), has('script-src-elem'), has('style-src')]).toEqual([true, true, true])
    expect(JSON.stringify([...(fence?.directives ?? [])])).not.toContain('nonce')
  })

  it.each(['a b', "a'", 'a;b', 'a,b', ''])('refuses %j', (nonce) => {
    expect(() => resolveOptions({ nonce })).toThrow(/nonce/)
  })
})

const code = (text: string) => ({
  'index.html': '<!doctype html><script type="module" src="/a-B4d0Xy12.js"></script>',
  'a-B4d0Xy12.js': text,
})

describe('trustedTypes', () => {
  it('takes the policies that the code creates, or those that are named, and none otherwise', () => {
    const seen = code('trustedTypes.createPolicy("vue",{});trustedTypes.createPolicy(`dompurify`,{})')
    expect(directive('trusted-types', seen, { trustedTypes: true })).toBe('vue dompurify')
    expect(directive('trusted-types', seen, { trustedTypes: ['app'] })).toBe('app')
    expect(directive('trusted-types', code('1'), { trustedTypes: true })).toBe("'none'")
    expect(directive('require-trusted-types-for', seen, { trustedTypes: true })).toBe("'script'")
    expect(directive('trusted-types', seen)).toBeUndefined()
  })

  it("adds the loader's own", () => {
    expect(directive('trusted-types', code('1'), { trustedTypes: true, scripts: 'loader' })).toBe(
      'csp-hashes',
    )
    expect(directive('trusted-types', code('1'), { trustedTypes: ['app'], scripts: 'loader' })).toBe(
      'csp-hashes app',
    )
  })
})

describe('why a source is there', () => {
  it('every source of every directive has a reason', () => {
    const files = {
      'index.html': `${STYLE}<img src="a.png"><script type="module" src="/a-B4d0Xy12.js"></script>`,
      'a-B4d0Xy12.js': 'new Worker("/w.js");fetch("/x")',
    }
    const options = resolveOptions({ preset: 'tight', directives: { 'img-src': ['https://img.test'] } })
    const [main] = secureSite(memorySite(files), options).pages[0]?.policies ?? []
    const reasons = (name: string) => main?.directives.get(name)?.map(({ reason }) => reason)
    expect(reasons('worker-src')).toEqual([{ kind: 'need', need: 'a-B4d0Xy12.js starts a worker' }])
    expect(reasons('img-src')?.map(({ kind }) => kind)).toEqual(['option', 'need'])
    expect(reasons('default-src')).toEqual([{ kind: 'preset', preset: 'tight' }])
  })
})
