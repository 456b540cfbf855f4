import { describe, expect, it } from 'vitest'
import { scriptLocations } from '../../../src/core/page/script-locations.ts'
import { requestUrls, sitePathUrl } from '../../../src/core/site/urls.ts'

function locations(
  base: string,
  files: string[],
  fence = true,
  origins: string[] = [],
  named: string[] = [],
) {
  const site = { base, file: () => undefined }
  const urls = files.flatMap((file) => requestUrls(site, file, 'index.html'))
  const root = sitePathUrl(site, '')
  const { own, foreign, crowdedRoot } = scriptLocations(
    urls,
    named.map((path) => new URL(path, root)),
    { fence, origins, root },
  )
  return { own: own.map((one) => one.expression), foreign: foreign.map((one) => one.expression), crowdedRoot }
}

describe('the narrowest sources that hold the scripts of a page', () => {
  it('is one directory, on every origin', () => {
    expect(locations('/', ['assets/a.js', 'assets/b.js']).own).toEqual([
      'https://*:*/assets/',
      '*:*/assets/',
      'localhost:*/assets/',
    ])
  })
  it('leaves out a directory inside another', () => {
    expect(locations('/sub/', ['js/a.js', 'js/deep/b.js', 'x/c.js']).own).toEqual([
      'https://*:*/sub/js/',
      '*:*/sub/js/',
      'localhost:*/sub/js/',
      'https://*:*/sub/x/',
      '*:*/sub/x/',
      'localhost:*/sub/x/',
    ])
  })
  it('names scripts in the root exactly', () => {
    expect(locations('/', ['sw-register.js']).own).toEqual([
      'https://*:*/sw-register.js',
      '*:*/sw-register.js',
      'localhost:*/sw-register.js',
    ])
  })
  it('gives up on exact paths when the root is crowded, and says so', () => {
    const { own, crowdedRoot } = locations(
      '/',
      Array.from({ length: 17 }, (_, i) => `c${i}.js`),
    )
    expect(own).toEqual(['https://*:*/', '*:*/', 'localhost:*/'])
    expect(crowdedRoot).toBe(17)
  })
  it("says 'self' where the mount point is unknown", () => {
    expect(locations('./', ['assets/a.js']).own).toEqual(["'self'"])
  })
  it("says 'self' without the fence, which alone keeps other hosts out of https://*:*", () => {
    expect(locations('/', ['assets/a.js'], false).own).toEqual(["'self'"])
  })
  it('names the origin and path of a CDN, for the fence too', () => {
    const { own, foreign } = locations('https://cdn.example/x/', ['assets/a.js'])
    expect(own).toEqual(['https://cdn.example/x/assets/'])
    expect(foreign).toEqual(['https://cdn.example/x/assets/'])
  })
  it('adds the origins of a plain-http intranet', () => {
    expect(locations('/', ['assets/a.js'], true, ['http://intra:8080']).own).toContain(
      'http://intra:8080/assets/',
    )
  })
  it('encodes what would end a source', () => {
    expect(locations('/', ['a;b,c/x.js']).own[0]).toBe('https://*:*/a%3Bb%2Cc/')
  })

  const exactly = (path: string) => ['https://*:*', '*:*', 'localhost:*'].map((host) => host + path)

  it.each([
    ['/trace/', 'main.js', '/trace/main.js'],
    ['/a/b/', 'sw.js', '/a/b/sw.js'],
    ['/', 'main.js', '/main.js'],
  ])('names a script in the root of the base %s exactly', (base, file, path) => {
    expect(locations(base, [file]).own).toEqual(exactly(path))
  })
  it('names a script in the root of a CDN exactly, whatever path the base has', () => {
    expect(locations('https://cdn.example/x/', ['main.js']).own).toEqual(['https://cdn.example/x/main.js'])
  })
  it('opens the whole base only when its root is crowded, and says so', () => {
    const files = Array.from({ length: 17 }, (_, i) => `c${i}.js`)
    const { own, crowdedRoot } = locations('/trace/', [...files, 'assets/a.js'])
    expect(own).toEqual(exactly('/trace/'))
    expect(crowdedRoot).toBe(17)
  })
  it('names a file that the user trusts exactly, not its directory', () => {
    const { own } = locations('/', ['assets/a.js'], true, [], ['/up/widget.js'])
    expect(own).toEqual([...exactly('/assets/'), ...exactly('/up/widget.js')])
  })
  it('names a directory that the user trusts, and no file inside of one that is open already', () => {
    expect(locations('/', [], true, [], ['/up/']).own).toEqual(exactly('/up/'))
    expect(locations('/', ['assets/a.js'], true, [], ['/assets/late.js']).own).toEqual(exactly('/assets/'))
  })
})
