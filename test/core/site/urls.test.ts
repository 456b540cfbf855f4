import { describe, expect, it } from 'vitest'
import { documentBaseUrl, requestUrls, resolveUrl, writtenUrl } from '../../../src/core/site/urls.ts'

const site = (base: string, ...paths: string[]) => ({
  base,
  file: (path: string) => (paths.includes(path) ? Buffer.from('') : undefined),
})

function resolve(base: string, page: string, url: string, ...paths: string[]): string {
  const target = resolveUrl(site(base, ...paths), url, documentBaseUrl({ base }, page, undefined))
  return target.kind === 'file' || target.kind === 'missing' ? `${target.kind} ${target.path}` : target.kind
}

describe('which file answers a URL', () => {
  it.each([
    ['/', 'index.html', '/assets/a.js', 'file assets/a.js'],
    ['/', 'index.html', 'assets/a.js?v=1#x', 'file assets/a.js'],
    ['/', 'docs/index.html', '../assets/a.js', 'file assets/a.js'],
    ['/', 'docs/index.html', '/assets/b.js', 'missing assets/b.js'],
    ['/sub/', 'index.html', '/sub/assets/a.js', 'file assets/a.js'],
    ['/sub/', 'index.html', './assets/a.js', 'file assets/a.js'],
    ['/sub/', 'index.html', '/assets/a.js', 'outside'],
    ['/sub/', 'index.html', '../assets/a.js', 'outside'],
    ['./', 'index.html', './assets/a.js', 'file assets/a.js'],
    ['./', 'deep/er/page.html', '../../assets/a.js', 'file assets/a.js'],
    ['./', 'index.html', '../assets/a.js', 'outside'],
    ['./', 'index.html', '%2e%2e/assets/a.js', 'outside'],
    ['./', 'index.html', '..%2fassets/a.js', 'outside'],
    ['https://cdn.example/x/', 'index.html', 'https://cdn.example/x/assets/a.js', 'file assets/a.js'],
    ['https://cdn.example/x/', 'index.html', 'https://cdn.example/other.js', 'outside'],
    ['https://cdn.example/x/', 'index.html', './assets/a.js', 'file assets/a.js'],
    ['/', 'index.html', 'https://other.example/assets/a.js', 'foreign'],
    ['/', 'index.html', '//other.example/assets/a.js', 'foreign'],
    ['/', 'index.html', 'data:text/javascript,1', 'data'],
    ['/', 'index.html', 'http://[', 'invalid'],
    ['/', 'index.html', '/assets/caf%C3%A9.js', 'file assets/café.js'],
    ['/', 'index.html', '/assets/café.js', 'file assets/café.js'],
  ])('base %s, page %s: %s is %s', (base, page, url, expected) => {
    expect(resolve(base, page, url, 'assets/a.js', 'assets/café.js')).toBe(expected)
  })
})

describe('how a page writes the URL of a chunk', () => {
  it.each([
    ['/', 'docs/index.html', undefined, '/assets/a.js'],
    ['/sub/', 'index.html', undefined, '/sub/assets/a.js'],
    ['./', 'index.html', undefined, './assets/a.js'],
    ['./', 'docs/index.html', undefined, '../assets/a.js'],
    ['./', 'assets/page.html', undefined, './a.js'],
    ['./', 'docs/index.html', '../', './assets/a.js'],
    ['https://cdn.example/x/', 'index.html', undefined, 'https://cdn.example/x/assets/a.js'],
  ])('base %s, page %s, <base href=%s>: %s', (base, page, href, expected) => {
    const [url] = requestUrls(site(base), 'assets/a.js', page)
    expect(writtenUrl(url!, documentBaseUrl({ base }, page, href))).toBe(expected)
  })
})

describe('a name with characters that URLs may carry as they are', () => {
  it.each([
    ['assets/@app.js', './@app.js'],
    ["assets/(a)!,;=+$&'~*.js", "./(a)!,;=+$&'~*.js"],
    ['assets/a b.js', './a b.js'],
    ['assets/café.js', './café.js'],
    ['assets/a%20b.js', './a%2520b.js'],
    ['assets/a?b#c.js', './a%3Fb%23c.js'],
    ['assets/a\\b.js', './a%5Cb.js'],
    ['a:b/c.js', '../a:b/c.js'],
    ['assets/ends \t', './ends%20%09'],
  ])('%s is the file that a script imports as %s', (path, specifier) => {
    const [url] = requestUrls(site('/'), path, 'index.html')
    expect(url!.href).toBe(new URL(specifier, requestUrls(site('/'), 'assets/x.js', '')[0]).href)
  })
})
