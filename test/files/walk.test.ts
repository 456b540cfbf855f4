import { describe, expect, it } from 'vitest'
import { Listing } from '../../src/files/walk.ts'

const NAMES = [
  'é.html',
  'b/index.html',
  'app.js',
  'a.html',
  'B.HTM',
  'link.html',
  'a.html.gz',
  'b.html',
  'z.css',
]
const LINKS = new Map([['link.html', '/site/real/page.html']])

describe.each([
  ['a listing', (listing: Listing) => listing],
  ['one that was packed for another thread', (listing: Listing) => Listing.unpack(listing.packed)],
])('%s', (_, through) => {
  const listing = through(new Listing('/site', NAMES, LINKS))

  it('has every file that it was given, each once', () => {
    expect([...listing.keys()].toSorted()).toEqual(NAMES.toSorted())
    expect(NAMES.filter((path) => !listing.has(path))).toEqual([])
  })

  it('has no other', () => {
    const others = ['', 'a', 'a.htm', 'a.html ', 'aa.html', 'b.html.gz', 'b/', 'index.html', 'ê.html', 'zz']
    expect(others.filter((path) => listing.has(path) || listing.get(path) !== undefined)).toEqual([])
  })

  it('lists pages by their own names, sorted', () => {
    expect(listing.pages).toEqual(['B.HTM', 'a.html', 'b.html', 'b/index.html', 'é.html'])
  })

  it('tells where a file lies', () => {
    expect(listing.get('link.html')).toBe('/site/real/page.html')
    expect(listing.get('b/index.html')).toBe('/site/b/index.html')
    expect(listing.place('new.html')).toBe('/site/new.html')
  })
})

it('an empty directory has nothing', () => {
  const listing = Listing.unpack(new Listing('/site', [], new Map()).packed)
  expect([listing.has(''), listing.has('a.html'), [...listing.keys()], listing.pages]).toEqual([
    false,
    false,
    [],
    [],
  ])
})
