import { describe, expect, it } from 'vitest'
import { readScriptReferences, ScriptSyntaxError } from '../../../src/core/graph/references.ts'

describe('what a script loads', () => {
  it('reads static imports, re-exports and dynamic imports, once each', () => {
    const code = `
      import a from './a.js'; import './b.js'; export * from './c.js'; export { d } from './d.js'
      const e = () => import('./e.js'), f = () => import(\`./f.js\`), again = import('./e.js')
      export const g = 1; export default function () {}
    `
    const references = readScriptReferences(code)
    expect(references.imports.toSorted()).toEqual(['./a.js', './b.js', './c.js', './d.js'])
    expect(references.dynamicImports.toSorted()).toEqual(['./e.js', './f.js'])
    expect(references.computedImport).toBe(false)
  })

  it('sees no import in text, comments and regular expressions', () => {
    const code = `
      // import './comment.js'
      const text = "import './text.js'", pattern = /import ".\\/pattern.js"/, q = a / b / import.meta.url
      const template = \`import './template.js'\`
    `
    expect(readScriptReferences(code).imports).toEqual([])
    expect(readScriptReferences(code).dynamicImports).toEqual([])
  })

  it("reads Vite's list of preloads, each relative as Vite writes it", () => {
    const code = `
      const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/lazy.js","assets/lazy.css","./near.css"])))=>i.map(i=>d[i]);
      p(()=>import("./lazy.js"),__vite__mapDeps([0,1,2]))
    `
    expect(readScriptReferences(code).preloads.toSorted((a, b) => (a.url < b.url ? -1 : 1))).toEqual([
      { url: './near.css', relativeTo: 'file' },
      { url: 'assets/lazy.css', relativeTo: 'base' },
      { url: 'assets/lazy.js', relativeTo: 'base' },
    ])
  })

  it('reads workers, and takes none of them for a preload', () => {
    const code = `
      new Worker(new URL('./w1.js', import.meta.url), { type: 'module' })
      new Worker(new URL("/assets/w2.js", "" + import.meta.url))
      new SharedWorker('/w3.js'); new window.Worker(\`/w4.js\`)
      navigator.serviceWorker.register('/sw.js')
    `
    const { workers, preloads } = readScriptReferences(code)
    expect(workers.toSorted((a, b) => (a.url < b.url ? -1 : 1))).toEqual([
      { url: './w1.js', relativeTo: 'file' },
      { url: '/assets/w2.js', relativeTo: 'file' },
      { url: '/sw.js', relativeTo: 'document' },
      { url: '/w3.js', relativeTo: 'document' },
      { url: '/w4.js', relativeTo: 'document' },
    ])
    expect(preloads).toEqual([])
  })

  it('tells an import whose file is made in the browser', () => {
    expect(readScriptReferences('const load = (name) => import(`./pages/${name}.js`)').computedImport).toBe(
      true,
    )
  })

  it('reads classic scripts, which may be no modules', () => {
    expect(readScriptReferences("with (document) { import('./x.js') }").dynamicImports).toEqual(['./x.js'])
  })

  it('says where a script cannot be read', () => {
    const error = (() => {
      try {
        readScriptReferences("import './a.js'\nlet a = b)")
        return undefined
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(ScriptSyntaxError)
    expect((error as ScriptSyntaxError).offset).toBeGreaterThanOrEqual(16)
  })

  it('reads long expressions, and refuses brackets that nest deeper than the lexer can follow', () => {
    const long = `import './a.js'; x(${'a+'.repeat(3000)}1)`
    expect(readScriptReferences(long).imports).toEqual(['./a.js'])
    const deep = `import './a.js'; x = ${'['.repeat(20_000)}1${']'.repeat(20_000)}`
    expect(() => readScriptReferences(deep)).toThrow(ScriptSyntaxError)
    expect(readScriptReferences(long).imports).toEqual(['./a.js'])
  })

  it('reads classic scripts without imports, whatever their syntax', () => {
    expect(readScriptReferences('<!-- it\'s a comment\nx = "assets/a.css"').preloads).toEqual([
      { url: 'assets/a.css', relativeTo: 'base' },
    ])
  })

  it('reads URLs as they are written by minifiers: escaped, and beside other strings', () => {
    const code = [
      String.raw`export const a=["assets\/a.js","assets/\u00fc-\x41B.css?x"]`,
      String.raw`x=c["default"].css?"d.js":'e.mjs'+b`,
      'no("a b.js",`${c}.js`,"f.jsx",".js")',
    ].join(';')
    const urls = readScriptReferences(code).preloads.map(({ url }) => url)
    expect(urls).toEqual(expect.arrayContaining(['assets/a.js', 'assets/ü-AB.css?x', 'd.js', 'e.mjs']))
    expect(urls.join(' ')).not.toMatch(/b\.js|f\.jsx|(?:^| )\.js/)
  })

  it('reads the bytes of a script as it reads its text', () => {
    const code = `import './grün.js'; import("./\\u{fc}ber-ä.js"); new Worker('/wörker.js'); x = ["assets/ö.css"]`
    const read = readScriptReferences(Buffer.from(`\uFEFF${code}`))
    expect(read).toEqual(readScriptReferences(code))
    expect(read).toMatchObject({
      imports: ['./grün.js'],
      dynamicImports: ['./über-ä.js'],
      workers: [{ url: '/wörker.js' }],
      preloads: [{ url: 'assets/ö.css' }],
    })
  })

  it('reads workers in the ways that Vite and others write them, and no function of that name', () => {
    const code = `
      new Worker("" + new URL("w1.js", import.meta.url).href, { type: "module" })
      new Worker(/* @vite-ignore */ new URL(new URL('w2.js', import.meta.url).href, location))
      navigator.serviceWorker?.register('/sw.js'); new Worker('w' + n + '.js'); startWorker('/w3.js'); Worker('/w4.js')
    `
    expect(readScriptReferences(code).workers).toEqual([
      { url: 'w1.js', relativeTo: 'file' },
      { url: 'w2.js', relativeTo: 'file' },
      { url: '/sw.js', relativeTo: 'document' },
    ])
  })
})
