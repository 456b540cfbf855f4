import { describe, expect, it, vi } from 'vitest'
import { placeOf } from '../../src/cli/explain-command.ts'
import { Target } from '../../src/directory/target.ts'
import { slashes } from '../../src/files/slashes.ts'
import { isInside, Listing } from '../../src/files/walk.ts'
import { ServedFiles } from '../../src/try/served-files.ts'

// The code as it runs on Windows: the functions of Node for paths are those of that system.
vi.mock('node:path', async (original) => {
  const { win32 } = await original<typeof import('node:path')>()
  return { ...win32, default: win32 }
})
vi.mock('node:url', async (original) => {
  const url = await original<typeof import('node:url')>()
  return { ...url, fileURLToPath: (file: string) => url.fileURLToPath(file, { windows: true }) }
})
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  existsSync: (path: string) => path === 'dist/about/index.html',
}))

describe('on Windows', () => {
  it('paths of the machine become paths of the site', () => {
    expect(slashes('assets\\deep\\a.js')).toBe('assets/deep/a.js')
  })

  it('a directory contains what begins with its path and a separator', () => {
    expect(isInside('C:\\site', 'C:\\site')).toBe(true)
    expect(isInside('C:\\site', 'C:\\site\\about\\index.html')).toBe(true)
    expect(isInside('C:\\', 'C:\\about')).toBe(true)
    expect(isInside('\\\\server\\share\\site', '\\\\server\\share\\site\\a.js')).toBe(true)
    expect(isInside('C:\\site', 'C:\\site2\\a.js')).toBe(false)
    expect(isInside('C:\\site', 'D:\\site\\a.js')).toBe(false)
  })

  it('a file of the site lies behind backslashes', () => {
    const listing = new Listing('C:\\site', ['about/index.html'], new Map())
    expect(listing.pages).toEqual(['about/index.html'])
    expect(listing.place('about/index.html')).toBe('C:\\site\\about\\index.html')
  })

  it.each(['C:\\evil.txt', 'c:/evil.txt', '\\evil.txt', '/evil.txt', '..\\evil.txt', 'a\\..\\..\\evil.txt'])(
    'no output writes to %s',
    (path) => {
      const files = new Listing('C:\\site', [], new Map())
      const source = { root: files.root, files, pages: [], leftovers: [], findings: [] }
      const settings = { out: undefined, project: 'C:\\project', dryRun: true, onChange: undefined }
      const target = Target.of(source, settings)
      for (const root of ['site', 'project'] as const)
        expect(() => target.putOutput({ path, content: '', root })).toThrow('outside')
    },
  )

  it.each([
    ['dist\\about\\index.html', undefined, 'dist', 'about/index.html'],
    ['.\\dist\\about\\index.html', undefined, 'dist', 'about/index.html'],
    ['about\\index.html', '.\\dist\\', '.\\dist\\', 'about/index.html'],
    ['dist\\about\\index.html', '.\\dist\\', '.\\dist\\', 'about/index.html'],
  ])('explain takes the page %s in %s', (subject, named, directory, page) => {
    expect(placeOf(subject, named)).toEqual({ directory, page })
  })

  it.each([
    ['file:///C:/project/src/main.ts', 'src/main.ts'],
    ['../../src/main.ts', 'src/main.ts'],
  ])('a source map that names %s leads to src/main.ts', async (source, shown) => {
    const map = { version: 3, sources: [source], sourcesContent: ['code'], mappings: 'AAAA' }
    const files: Record<string, string> = {
      'http://site/assets/a.js': 'code\n//# sourceMappingURL=a.js.map',
      'http://site/assets/a.js.map': JSON.stringify(map),
    }
    const served = new ServedFiles('http://site/', 'C:\\project', async (url) => {
      const text = files[url]
      return text === undefined ? undefined : { text, type: '' }
    })
    await served.load(['http://site/assets/a.js'])
    expect([...served.own()]).toEqual([{ file: shown, text: 'code' }])
  })
})
