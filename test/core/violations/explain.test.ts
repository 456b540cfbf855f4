import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import { digest } from '../../../src/core/site/digest.ts'
import { explain } from '../../../src/core/violations/explain.ts'
import type { Violation } from '../../../src/core/violations/violation.ts'
import type { OwnFile, ServedScript, ViolationSite } from '../../../src/core/violations/violation-site.ts'

const ORIGIN = 'http://localhost:5173'
const PAGE = `<!doctype html>
<html>
<head>
<base href="/app/">
<style>body { color: red }</style>
</head>
<body>
<button onclick="save()">x</button>
<p style="color: red">y</p>
<script>
  eval('1')
</script>
<script src="https://cdn.example/x.js"></script>
<img src="https://pictures.example/a.png">
<a href="javascript:void 0">j</a>
</body>
`
const MAIN = `import './dep.js'\nlet x: number\n  eval('2')\nnew Image().src = 'https://pictures.example/b.png'\n`
/** What the browser got: no types, so that the lines differ. */
const SERVED = `import "/src/dep.js";\neval('2');\nnew Image().src = 'https://pictures.example/b.png';\n`
const MAP = {
  version: 3,
  sources: ['main.ts'],
  names: [],
  // Line 2 column 1 is line 3 column 3; line 3 is line 4.
  mappings: 'AAAA;AAEE;AACF',
}

interface World {
  readonly own?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, ServedScript>>
  readonly html?: string
  readonly written?: string
}

function siteOf({
  own = { 'src/main.ts': MAIN },
  scripts,
  html = PAGE,
  written = PAGE,
}: World = {}): ViolationSite {
  const files: OwnFile[] = Object.entries(own).map(([file, text]) => ({ file, text }))
  const served = scripts ?? { [`${ORIGIN}/src/main.ts`]: { file: '/src/main.ts', text: SERVED, map: MAP } }
  return {
    page: (url) => (new URL(url).pathname === '/' ? scanPage('index.html', html) : undefined),
    script: (url) => served[url],
    source: (path, script) =>
      script ? files.find(({ file }) => file.endsWith(path)) : { file: path, text: written },
    own: () => files,
  }
}

const POLICY =
  "default-src 'self'; script-src 'nonce-N' 'strict-dynamic'; style-src 'self'; object-src 'none'"

function violation(given: Partial<Violation>): Violation {
  return {
    directive: 'script-src',
    blocked: 'inline',
    sample: '',
    source: '',
    line: 0,
    column: 0,
    document: `${ORIGIN}/`,
    policy: POLICY,
    ...given,
  }
}

/** Code, file, line and remedy of the first finding, and how many there are. */
function told(given: Partial<Violation>, world?: World) {
  const { findings, remedy } = explain(violation(given), siteOf(world))
  const [found] = findings
  return {
    code: found?.code,
    at: found?.location && `${found.location.file}:${found.location.line}`,
    count: findings.length,
    remedy,
  }
}

const module = `${ORIGIN}/src/main.ts`

describe('what stands in the page', () => {
  it.each([
    ['Chromium', {}],
    ['Firefox', { source: `${ORIGIN}/`, column: 1 }],
  ])('finds a handler by its text, of which %s gives no line', (_, given) => {
    const handler = { directive: 'script-src-attr', sample: 'save()', ...given }
    expect(told(handler)).toEqual({
      code: 'inline-handler',
      at: 'index.html:8',
      count: 1,
      remedy: { unsafeHashes: true },
    })
  })

  it('names every element that has the same handler', () => {
    const html = '<button onclick="save()">\n<i onclick="save()"></i></button>'
    const { findings } = explain(
      violation({ directive: 'script-src-attr', sample: 'save()' }),
      siteOf({ html, written: html }),
    )
    expect(findings.map(({ location }) => location?.line)).toEqual([1, 2])
  })

  it('finds a style attribute, a javascript: URL, a <base>, an image and a script by what they say', () => {
    expect(told({ directive: 'style-src-attr', sample: 'color: red' })).toMatchObject({
      code: 'style-attribute',
      at: 'index.html:9',
    })
    expect(told({ directive: 'script-src-elem', sample: 'javascript:void 0' })).toMatchObject({
      code: 'javascript-url',
      at: 'index.html:15',
    })
    expect(told({ directive: 'base-uri', blocked: `${ORIGIN}/app/` })).toMatchObject({
      code: 'base-blocked',
      at: 'index.html:4',
      remedy: { directives: { 'base-uri': ["'self'"] } },
    })
    expect(told({ directive: 'img-src', blocked: 'https://pictures.example/a.png' })).toMatchObject({
      code: 'need-blocked',
      at: 'index.html:14',
      remedy: { directives: { 'img-src': ["'self'", 'https://pictures.example'] } },
    })
    expect(told({ directive: 'script-src-elem', blocked: 'https://cdn.example/x.js' })).toMatchObject({
      code: 'external-unlisted',
      at: 'index.html:13',
      remedy: { external: { 'https://cdn.example': true } },
    })
  })

  it("finds the line in the user's own page, where plugins have put lines before it", () => {
    const html = PAGE.replace('<head>', '<head>\n<script nonce="N">1</script>\n')
    const inPage = { blocked: 'eval', sample: '1', source: `${ORIGIN}/`, line: 13, column: 3 }
    expect(told(inPage, { html })).toMatchObject({ code: 'eval-used', at: 'index.html:11' })
  })

  it('says of a script whose hash is not listed that it was changed, and gives the hash', () => {
    const text = "\n  eval('1')\n"
    const script = { directive: 'script-src-elem', sample: text, text, source: `${ORIGIN}/`, line: 10 }
    expect(told(script)).toEqual({
      code: 'inline-unlisted',
      at: 'index.html:10',
      count: 1,
      remedy: { directives: { 'script-src': [`'${digest(text, 'sha384')}'`] } },
    })
    expect(told({ ...script, sample: 'injected()', text: 'injected()' }).code).toBe('inline-unlisted')
  })
})

describe('what a script did', () => {
  it("points into the user's own source by the source map", () => {
    const used = { blocked: 'eval', sample: '2', source: module, line: 2, column: 1 }
    expect(told(used)).toEqual({
      code: 'eval-used',
      at: 'src/main.ts:3',
      count: 1,
      remedy: { directives: { 'script-src': ["'unsafe-eval'"] } },
    })
  })

  it('points into the served script, where it has no map', () => {
    const scripts = { [module]: { file: 'assets/a.js', text: SERVED } }
    const used = { blocked: 'eval', sample: '2', source: module, line: 2, column: 1 }
    expect(told(used, { scripts }).at).toBe('assets/a.js:2')
  })

  it.each([
    ['(function anonymous(a\n) {\n3\n})', 'new Function'],
    ['function anonymous(a\n) {\n3\n}', 'new Function'],
    ['anonymous()', 'eval'],
  ] as const)('tells eval from new Function by the sample: %j', (sample, what) => {
    const scripts = { [module]: { file: 'a.js', text: 'x\n(0, f)(1)\n' } }
    const { findings } = explain(
      violation({ blocked: 'eval', sample, source: module, line: 2, column: 1 }),
      siteOf({ scripts }),
    )
    expect(findings[0]?.message).toContain(`with ${what}, `)
  })

  it('tells what a library tries from what it needs', () => {
    const text = 'try {\n  new Function("")\n} catch {}\neval(a)\n'
    const scripts = { [module]: { file: 'node_modules/zod/a.js', text } }
    const at = (line: number) => ({ blocked: 'eval', sample: '', source: module, line, column: 3 })
    expect(told(at(2), { scripts })).toMatchObject({ code: 'eval-tried', remedy: {} })
    const { findings } = explain(violation(at(4)), siteOf({ scripts }))
    expect(findings[0]).toMatchObject({ code: 'eval-used' })
    expect(findings[0]?.hint).toContain('jitless')
  })

  it('looks for an image in the source, of which Chromium gives no place, as Firefox does', () => {
    const image = { directive: 'img-src', blocked: 'https://pictures.example/b.png' }
    const chromium = told(image)
    const firefox = told({ ...image, source: module, line: 3, column: 1 })
    expect(chromium).toMatchObject({ code: 'need-blocked', at: 'src/main.ts:4' })
    expect(firefox).toEqual(chromium)
  })

  it("prefers the user's own text to the framework that acted for them", () => {
    const framework = `${ORIGIN}/node_modules/.vite/deps/vue.js`
    const world = {
      own: { 'src/App.vue': '<template>\n<p style="color: teal">x</p>\n</template>' },
      scripts: { [framework]: { file: 'node_modules/.vite/deps/vue.js', text: 'a\nb\nc' } },
    }
    const style = {
      directive: 'style-src-attr',
      sample: 'color: teal',
      source: framework,
      line: 2,
      column: 1,
    }
    expect(told(style, world)).toMatchObject({ code: 'inline-made', at: 'src/App.vue:2' })
    expect(told({ ...style, sample: 'color: tan' }, world).at).toBe('node_modules/.vite/deps/vue.js:2')
  })

  it('gives the hash of a handler that a script made, where its whole text is known', () => {
    const handler = { directive: 'script-src-attr', sample: 'go()', source: module, line: 3, column: 1 }
    expect(told(handler)).toMatchObject({
      code: 'inline-made',
      remedy: { directives: { 'script-src': ["'unsafe-hashes'", `'${digest('go()', 'sha384')}'`] } },
    })
    expect(told({ ...handler, sample: 'x'.repeat(40) }).remedy).toEqual({})
  })

  it('tells a script of the own origin from one of another', () => {
    const own = {
      directive: 'script-src-elem',
      blocked: `${ORIGIN}/stats/x.js`,
      source: module,
      line: 3,
      column: 1,
    }
    expect(told(own)).toMatchObject({
      code: 'own-script-blocked',
      remedy: { external: { '/stats/x.js': true } },
    })
    expect(told({ ...own, blocked: 'https://chat.example/w.js' })).toMatchObject({
      code: 'foreign-script-url',
      remedy: { external: { 'https://chat.example': true } },
    })
  })

  it('names a part of an origin that serves anybody a script, and what belongs together', () => {
    const from = (blocked: string) => told({ directive: 'script-src-elem', blocked }).remedy.external
    expect(from('https://cdn.jsdelivr.net/npm/x@1/a.js')).toEqual({
      'https://cdn.jsdelivr.net/npm/x@1/': true,
    })
    expect(from('https://www.google.com/recaptcha/api.js')).toEqual({
      'https://www.google.com/recaptcha/': true,
      'https://www.gstatic.com/recaptcha/': true,
    })
  })

  it.each([
    ['wasm-eval', 'script-src', '', 'wasm-blocked', { 'script-src': ["'wasm-unsafe-eval'"] }],
    ['blob', 'worker-src', '', 'need-blocked', { 'worker-src': ["'self'", 'blob:'] }],
    [
      'https://api.example/x',
      'connect-src',
      '',
      'need-blocked',
      { 'connect-src': ["'self'", 'https://api.example'] },
    ],
    [
      'wss://api.example/x',
      'connect-src',
      '',
      'need-blocked',
      { 'connect-src': ["'self'", 'wss://api.example'] },
    ],
    ['inline', 'style-src-elem', 'p{}', 'css-in-js', { 'style-src': ["'unsafe-inline'"] }],
  ])('%s under %s', (blocked, directive, sample, code, directives) => {
    const given = { blocked, directive, sample, source: module, line: 3, column: 1 }
    expect(told(given)).toMatchObject({ code, at: 'src/main.ts:4', remedy: { directives } })
  })

  it('names the sink and the policy of Trusted Types', () => {
    const sink = {
      directive: 'require-trusted-types-for',
      blocked: 'trusted-types-sink',
      sample: 'Element innerHTML|<b>',
    }
    expect(told(sink).code).toBe('trusted-types-sink')
    const policy = { directive: 'trusted-types', blocked: 'trusted-types-policy', sample: 'dompurify' }
    expect(told(policy)).toMatchObject({ code: 'need-blocked', remedy: { trustedTypes: ['dompurify'] } })
  })
})
