import { describe, expect, it } from 'vitest'
import { readImportMap, resolveSpecifier } from '../../../src/core/graph/import-map-resolve.ts'

const document = new URL('https://site.test/docs/page.html')
const importer = new URL('https://site.test/assets/app.js')

function resolve(map: object, specifier: string, from = importer): string | undefined {
  return resolveSpecifier(specifier, from, readImportMap(JSON.stringify(map), document))?.href
}

describe('specifiers under an import map', () => {
  it('resolves URLs against the importer, bare names not at all', () => {
    expect(resolve({}, './x.js')).toBe('https://site.test/assets/x.js')
    expect(resolve({}, '/x.js')).toBe('https://site.test/x.js')
    expect(resolve({}, 'https://other.test/x.js')).toBe('https://other.test/x.js')
    expect(resolve({}, '#entry')).toBeUndefined()
  })

  it('maps bare names, URLs and prefixes; addresses are relative to the document', () => {
    const map = {
      imports: {
        '#entry': './e.js',
        '/assets/old.js': '/assets/new.js',
        'lib/': '/lib/',
        'lib/x.js': '/x2.js',
      },
    }
    expect(resolve(map, '#entry')).toBe('https://site.test/docs/e.js')
    expect(resolve(map, './old.js')).toBe('https://site.test/assets/new.js')
    expect(resolve(map, 'lib/a/b.js')).toBe('https://site.test/lib/a/b.js')
    expect(resolve(map, 'lib/x.js')).toBe('https://site.test/x2.js')
  })

  it('lets the closest scope decide', () => {
    const map = {
      imports: { a: '/1.js' },
      scopes: { '/assets/': { a: '/2.js' }, '/assets/app.js': { a: '/3.js' } },
    }
    expect(resolve(map, 'a')).toBe('https://site.test/3.js')
    expect(resolve(map, 'a', new URL('https://site.test/assets/other.js'))).toBe('https://site.test/2.js')
    expect(resolve(map, 'a', new URL('https://site.test/main.js'))).toBe('https://site.test/1.js')
  })

  it('resolves to nothing where the address is none', () => {
    expect(resolve({ imports: { a: null } }, 'a')).toBeUndefined()
    expect(resolve({ imports: { './x.js': 'bare' } }, '/docs/x.js')).toBeUndefined()
  })

  it('takes a map that is no JSON object for an empty one', () => {
    for (const text of ['', '[]', 'null', '{"imports":[]}', '{'])
      expect(resolveSpecifier('a', importer, readImportMap(text, document))).toBeUndefined()
  })
})
