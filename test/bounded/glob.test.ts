import { describe, expect, it } from 'vitest'
import { compileGlob } from '../../src/bounded/glob.ts'

const matches = (glob: string, path: string): boolean | undefined => compileGlob(glob)?.test(path)

describe('a glob', () => {
  it.each([
    ['legacy.html', 'legacy.html', ['a/legacy.html', 'legacy-html', 'legacy.html.html']],
    ['/legacy.html', 'legacy.html', []],
    ['./a/b.html', 'a/b.html', []],
    ['*.html', 'a.html', ['a/b.html', 'ahtml']],
    ['a?.html', 'ab.html', ['a/.html', 'a.html']],
    ['old/', 'old/a/b.html', ['old', 'older/a.html']],
    ['old/**', 'old/b.html', ['older/b.html']],
    ['**/print.html', 'print.html', ['a/xprint.html']],
    ['**/print.html', 'de/a/print.html', []],
    ['{de,en}/*.html', 'en/a.html', ['fr/a.html', 'de,en/a.html']],
    ['{de,{a,b}/c}/x.html', 'b/c/x.html', ['b/x.html']],
    ['page-[0-9].html', 'page-4.html', ['page-x.html']],
    ['page-[!0-9].html', 'page-x.html', ['page-4.html', 'page-/.html']],
    ['a[/]b.html', 'a[/]b.html', ['a/b.html']],
    ['a,b.html', 'a,b.html', ['a.html']],
    ['{a.html', '{a.html', ['a.html']],
    ['\\*.html', '*.html', ['a.html']],
    ['ü+(1).html', 'ü+(1).html', ['ü1.html']],
    ['[]].html', '].html', []],
    ['a|b$^.html', 'a|b$^.html', ['a']],
  ])('%s matches %s', (glob, path, others) => {
    expect(matches(glob, path)).toBe(true)
    expect(others.filter((one) => matches(glob, one))).toEqual([])
  })

  it('takes time in proportion to the path, however many stars it has', () => {
    const before = performance.now()
    expect(matches(`${'*a'.repeat(40)}b`, 'a'.repeat(2000))).toBe(false)
    expect(performance.now() - before).toBeLessThan(5000)
  })

  it('is refused where a set in it cannot be read, or it is very long', () => {
    expect(compileGlob('[z-a].html')).toBeUndefined()
    expect(compileGlob('a'.repeat(20_000))).toBeUndefined()
  })
})
