import { describe, expect, it } from 'vitest'
import { RebuildCache } from '../../src/plugin/rebuild-cache.ts'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { memorySite } from '../support/memory-site.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('what is remembered from one build to the next', () => {
  it('is used again for the same content, and for no other', () => {
    const cache = new RebuildCache()
    const first = cache.scan('a.html', '<script>a</script>')
    cache.next()
    expect(cache.scan('a.html', '<script>a</script>')).toBe(first)
    expect(cache.scan('a.html', '<script>b</script>')).not.toBe(first)
    const found = { digest: undefined, code: undefined, style: [] }
    const other = { ...found }
    expect(cache.file('a.js', bytes('1'), () => found)).toBe(found)
    expect(cache.file('a.js', bytes('1'), () => other)).toBe(found)
    expect(cache.file('a.js', bytes('2'), () => other)).toBe(other)
  })

  it('is forgotten when nobody has asked for it for long', () => {
    const cache = new RebuildCache()
    const first = cache.scan('a.html', 'a')
    for (let round = 0; round < 20; round++) cache.next()
    expect(cache.scan('a.html', 'a')).not.toBe(first)
  })

  it('changes nothing in the result', () => {
    const cache = new RebuildCache()
    const options = resolveOptions({ scripts: 'dynamic', preset: 'tight' })
    const html = '<!doctype html><head></head><script type="module" src="/a.js"></script><script>x()</script>'
    for (const code of ['eval("1")', 'eval("2")', 'fetch("/x")', 'eval("1")']) {
      cache.next()
      const site = memorySite({ 'index.html': html, 'b.html': `${html}<p>${code}`, 'a.js': code })
      expect(secureSite(site, options, cache)).toEqual(secureSite(site, options))
    }
  })
})
