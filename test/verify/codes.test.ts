import { describe, expect, it } from 'vitest'
import { refusalRules, verifySite, type Engine, type RefusalCode } from '../../src/verify/index.ts'
import { memorySite, metaOf, quoted, sri, type Files, type SiteOptions } from './sites.ts'

const all: readonly Engine[] = ['chromium', 'firefox', 'webkit']
const guards = "base-uri 'none'; object-src 'none'"
const self = metaOf(`script-src 'self'; ${guards}`)
const strictDynamic = (...texts: readonly string[]) =>
  metaOf(`script-src ${texts.map((text) => quoted(text)).join(' ')} 'strict-dynamic'; ${guards}`)
const hashed = (...texts: readonly string[]) =>
  metaOf(`script-src 'self' ${texts.map((text) => quoted(text)).join(' ')}; ${guards}`)

const js = 'export {}'
const css = 'a{}'
const module = (src: string, integrity = sri(js)) =>
  `<script type="module" src="${src}" crossorigin integrity="${integrity}"></script>`
const stylesheet = (href: string) =>
  `<link rel="stylesheet" href="${href}" crossorigin integrity="${sri(css)}">`
const mapWith = (json: string) => `${hashed(json)}<script type="importmap">${json}</script>`
const emptyMap = '{"integrity":{}}'

interface Case {
  readonly code: RefusalCode
  readonly bad: string
  /** The same page put right: the code is gone. */
  readonly good: string
  readonly files?: Files
  readonly options?: SiteOptions
  readonly goodOptions?: SiteOptions
  readonly engines?: readonly Engine[]
}

const policyHeader = (value: string): SiteOptions => ({ headers: [['content-security-policy', value]] })
const tight = (rest = '') => metaOf(`default-src 'none'; base-uri 'none'; script-src 'self'; ${rest}`)
const late = 'x'.repeat(1100)
const dataScript = 'data:text/javascript,1'
const entry = 'import("./b.js")'
const lazy = { 'a.js': entry, 'b.js': js }
const lazyMap = JSON.stringify({ integrity: { '/b.js': sri(js) } })

const cases: readonly Case[] = [
  {
    code: 'inline-script-blocked',
    bad: `${self}<script>go()</script>`,
    good: `${hashed('go()')}<script>go()</script>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<script type="text/JavaScript ">go()</script>`,
    good: `${self}<script type="text/plain">go()</script>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<script>go()</script>`,
    good: `${self}<script nomodule>go()</script>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<svg><script>a&lt;b</script></svg>`,
    good: `${hashed('a<b')}<svg><script>a&lt;b</script></svg>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<script>a\r\nb</script>`,
    good: `${hashed('a\nb')}<script>a\r\nb</script>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<div><template shadowrootmode="open"><script>go()</script></template></div>`,
    good: `${self}<noscript><script>go()</script></noscript>`,
  },
  {
    code: 'inline-script-blocked',
    bad: `${self}<iframe srcdoc="<script>go()</script>"></iframe>`,
    good: `${self}<iframe sandbox srcdoc="<script>go()</script>"></iframe>`,
  },
  {
    code: 'template-script-blocked',
    bad: `${self}<template><script>go()</script></template>`,
    good: `${strictDynamic()}<template><script>go()</script></template>`,
  },
  {
    code: 'import-map-blocked',
    bad: `${self}<script type="importmap">{}</script>`,
    good: `${hashed('{}')}<script type="importmap">{}</script>`,
  },
  {
    code: 'speculation-rules-blocked',
    bad: `${self}<script type="speculationrules">{}</script>`,
    good: `${hashed('{}')}<script type="speculationrules">{}</script>`,
    engines: ['chromium'],
  },
  {
    code: 'handler-blocked',
    bad: `${hashed('go()')}<p onclick="go()">`,
    good: `${metaOf(`script-src 'unsafe-hashes' ${quoted('go()')}`)}<p onclick="go()">`,
  },
  {
    code: 'javascript-url-blocked',
    bad: `${self}<a href=" java\nscript:go()">x</a>`,
    good: `${self}<a href="/javascript:go()">x</a>`,
  },
  {
    code: 'inline-style-blocked',
    bad: `${tight()}<style>a{}</style>`,
    good: `${tight(`style-src ${quoted('a{}')}`)}<style>a{}</style>`,
  },
  {
    code: 'style-attribute-blocked',
    bad: `${tight(`style-src ${quoted('a:b')}`)}<p style="a:b">`,
    good: `${tight("style-src 'unsafe-inline'")}<p style="a:b">`,
  },
  {
    code: 'external-script-blocked',
    bad: `${strictDynamic()}${module('/x.js')}`,
    good: `${strictDynamic(js)}${module('/x.js')}`,
    engines: ['chromium', 'firefox'],
  },
  {
    code: 'external-script-blocked',
    bad: `${self}<svg><script href="https://cdn.example/x.js"></script></svg>`,
    good: `${self}<svg><script href="/x.js"></script></svg>`,
  },
  {
    code: 'data-url-script-blocked',
    bad: `${self}<script src="${dataScript}"></script>`,
    good: `${metaOf('script-src data:')}<script src="${dataScript}"></script>`,
  },
  {
    code: 'import-blocked',
    bad: `${metaOf(`script-src ${quoted(entry)}`)}${module('/a.js', sri(entry))}`,
    good: `${self}${module('/a.js', sri(entry))}`,
    files: lazy,
  },
  {
    code: 'parser-inserted-import',
    bad: `${strictDynamic(entry, js)}${module('/a.js', sri(entry))}`,
    good: `${strictDynamic(entry, js, lazyMap)}<script type="importmap">${lazyMap}</script>${module('/a.js', sri(entry))}`,
    files: lazy,
    engines: ['chromium', 'firefox'],
  },
  {
    code: 'preload-dependent-import',
    bad: `${strictDynamic(entry, js)}<link rel="modulepreload" href="/b.js" integrity="${sri(js)}">${module('/a.js', sri(entry))}`,
    good: `${self}<link rel="modulepreload" href="/b.js" integrity="${sri(js)}">${module('/a.js', sri(entry))}`,
    files: lazy,
    engines: ['chromium', 'firefox'],
  },
  {
    code: 'import-unresolved',
    bad: `${hashed('import "vue"')}<script type="module">import "vue"</script>`,
    good: `${hashed('import "vue"', '{"imports":{"vue":"/x.js"}}')}<script type="importmap">{"imports":{"vue":"/x.js"}}</script><script type="module">import "vue"</script>`,
  },
  {
    // How plugin-legacy tries out dynamic imports.
    code: 'import-unresolved',
    bad: `${hashed('import("_").then(()=>1)')}<script type="module">import("_").then(()=>1)</script>`,
    good: `${hashed('import("_").catch(()=>1)')}<script type="module">import("_").catch(()=>1)</script>`,
  },
  {
    code: 'modulepreload-blocked',
    bad: `${strictDynamic()}<link rel="modulepreload" href="/x.js">`,
    good: `${strictDynamic(js)}<link rel="modulepreload" href="/x.js" integrity="${sri(js)}">`,
    engines: ['firefox'],
  },
  {
    code: 'preload-blocked',
    bad: `${strictDynamic()}<link rel="preload" as="script" href="/x.js">`,
    good: `${strictDynamic(js)}<link rel="preload" as="script" href="/x.js" integrity="${sri(js)}">`,
    engines: ['chromium'],
  },
  {
    code: 'stylesheet-blocked',
    bad: `${tight(`style-src '${sri(css)}'`)}${stylesheet('/x.css')}`,
    good: `${tight("style-src 'self'")}${stylesheet('/x.css')}`,
  },
  {
    code: 'worker-blocked',
    bad: `${tight("worker-src 'none'")}<script src="/w.js"></script>`,
    good: `${tight()}<script src="/w.js"></script>`,
    files: { 'w.js': 'new Worker("/x.js")' },
  },
  {
    code: 'frame-blocked',
    bad: `${tight()}<iframe src="/f"></iframe>`,
    good: `${tight("frame-src 'self'")}<iframe src="/f"></iframe>`,
  },
  {
    code: 'image-blocked',
    bad: `${tight("img-src 'self'")}<img src="data:image/gif,x">`,
    good: `${tight('img-src data:')}<img src="data:image/gif,x">`,
  },
  {
    code: 'image-blocked',
    bad: `${tight("img-src 'self'")}<img srcset="/a.png 1x, https://cdn.example/b.png 2x">`,
    good: `${tight("img-src 'self'")}<img srcset="/a.png 1x, /b.png 2x">`,
  },
  {
    code: 'media-blocked',
    bad: `${tight()}<video src="/v.mp4"></video>`,
    good: `${tight("media-src 'self'")}<video src="/v.mp4"></video>`,
  },
  {
    code: 'object-blocked',
    bad: `${self}<object data="/o.pdf"></object>`,
    good: `${metaOf("script-src 'self'")}<object data="/o.pdf"></object>`,
  },
  {
    code: 'preload-blocked',
    bad: `${tight()}<link rel="preload" as="font" href="/f.woff2" crossorigin>`,
    good: `${tight("font-src 'self'")}<link rel="preload" as="font" href="/x.js" crossorigin>`,
  },
  {
    code: 'font-blocked',
    bad: `${tight("style-src 'self'")}<link rel="stylesheet" href="/f.css">`,
    good: `${tight("style-src 'self'; font-src data:")}<link rel="stylesheet" href="/f.css">`,
    files: { 'f.css': '@font-face{src:url(data:font/woff2;base64,AAAA)}' },
  },
  {
    code: 'image-blocked',
    bad: `${tight("style-src 'self'; img-src 'self'")}<link rel="stylesheet" href="/css/i.css">`,
    good: `${tight("style-src 'self'; img-src 'self' https://cdn.example/a/")}<link rel="stylesheet" href="/css/i.css">`,
    files: {
      'css/i.css': '@import "./j.css";',
      'css/j.css': 'a{b:url("../i.png")}/* url(data:x) */c{d:url( https://cdn.example/a/i.png )}',
    },
  },
  {
    code: 'stylesheet-blocked',
    bad: `${tight("style-src 'unsafe-inline'")}<style>@import url('https://cdn.example/x.css');</style>`,
    good: `${tight("style-src 'unsafe-inline' https://cdn.example")}<style>@import url('https://cdn.example/x.css');</style>`,
  },
  {
    code: 'manifest-blocked',
    bad: `${tight()}<link rel="manifest" href="/m.json">`,
    good: `${tight("manifest-src 'self'")}<link rel="manifest" href="/m.json">`,
  },
  {
    code: 'form-action-blocked',
    bad: `${tight("form-action 'self'")}<form action="https://other.example/">`,
    good: `${tight("form-action 'self'")}<form action="/send">`,
  },
  {
    code: 'base-blocked',
    bad: `${self}<base href="/sub/">`,
    good: `${metaOf("script-src 'self'; base-uri 'self'")}<base href="/sub/">`,
  },
  {
    code: 'sandboxed-scripts',
    bad: '',
    good: '',
    options: policyHeader('sandbox'),
    goodOptions: policyHeader('sandbox allow-scripts'),
  },
  {
    code: 'integrity-policy-blocked',
    bad: '<script src="/x.js"></script>',
    good: module('/x.js'),
    options: { headers: [['Integrity-Policy', 'blocked-destinations=(script)']] },
  },
  {
    code: 'integrity-policy-blocked',
    bad: `${mapWith(lazyMap)}${module('/a.js', sri(entry))}`,
    good: `${self}${module('/x.js')}`,
    files: lazy,
    options: { headers: [['Integrity-Policy', 'blocked-destinations=(script)']] },
    engines: ['webkit'],
  },
  {
    code: 'integrity-mismatch',
    bad: module('/x.js', sri('other')),
    good: module('/x.js', `${sri('other', 'sha256')} ${sri(js)}`),
  },
  {
    code: 'integrity-mismatch',
    bad: module('/x.js', `${sri(js, 'sha256')} ${sri('other')}`),
    good: module('/x.js', `${sri('other')} ${sri(js)}`),
  },
  { code: 'integrity-missing', bad: '<link rel="stylesheet" href="/x.css">', good: stylesheet('/x.css') },
  {
    code: 'integrity-missing',
    bad: `${self}<script type="module" src="/x.js"></script>`,
    good: `${mapWith(`{"integrity":{"/x.js":"${sri(js)}"}}`)}<script type="module" src="/x.js"></script>`,
  },
  { code: 'integrity-invalid', bad: module('/x.js', 'md5-abc'), good: module('/x.js') },
  {
    code: 'integrity-needs-cors',
    bad: `<script src="https://cdn.example/x.js" integrity="${sri(js)}"></script>`,
    good: `<script src="https://cdn.example/x.js" crossorigin integrity="${sri(js)}"></script>`,
  },
  {
    code: 'integrity-stale',
    bad: mapWith(`{"integrity":{"/gone.js":"${sri(js)}"}}`),
    good: mapWith(`{"integrity":{"/x.js":"${sri(js)}"}}`),
  },
  {
    code: 'integrity-stale',
    bad: mapWith(`{"integrity":{"/x.js":"${sri('other')}"}}`),
    good: mapWith(`{"integrity":{"./x.js":"${sri(js)}"}}`),
  },
  { code: 'file-missing', bad: module('/gone.js'), good: module('/x.js') },
  { code: 'policy-missing', bad: metaOf("img-src 'self'"), good: metaOf("default-src 'self'") },
  { code: 'inline-script-allowed', bad: metaOf("script-src 'self' 'unsafe-inline'"), good: self },
  { code: 'handler-allowed', bad: metaOf("script-src-elem 'self'"), good: self },
  {
    code: 'foreign-script-allowed',
    bad: `${metaOf('script-src https://*:*/js/')}${module('/js/x.js')}`,
    good: `${metaOf('script-src https://*:*/js/')}${self}${module('/js/x.js')}`,
  },
  { code: 'base-open', bad: metaOf("script-src 'self'"), good: self },
  {
    code: 'policy-after-content',
    bad: `<script>go()</script>${hashed('go()')}`,
    good: `<title>t</title>${hashed('go()')}<script>go()</script>`,
  },
  { code: 'policy-in-body', bad: `</head><body>${self}`, good: `${self}</head><body>` },
  {
    code: 'policy-comma',
    bad: metaOf("script-src 'self', img-src *"),
    good: `${metaOf("script-src 'self'")}${metaOf('img-src *')}`,
  },
  {
    code: 'meta-directive-ignored',
    bad: metaOf("frame-ancestors 'none'"),
    good: '',
    goodOptions: policyHeader("frame-ancestors 'none'"),
  },
  { code: 'source-invalid', bad: metaOf("script-src 'slef'"), good: self },
  {
    code: 'source-invalid',
    bad: metaOf("script-src 'sha384-?'"),
    good: metaOf("script-src 'self'; report-uri /?a=1; trusted-types a#b"),
  },
  {
    code: 'hash-unused',
    bad: `${hashed('gone()')}<script>go()</script>`,
    good: `${hashed('go()')}<script>go()</script>`,
  },
  {
    code: 'fence-broken',
    bad: `${metaOf(`script-src 'unsafe-inline' ${quoted('x')}`)}<script>go()</script>`,
    good: `${metaOf("script-src 'unsafe-inline'")}<script>go()</script>`,
  },
  {
    code: 'import-map-late',
    bad: `${hashed(emptyMap)}${module('/x.js')}<script type="importmap">${emptyMap}</script>`,
    good: `${mapWith(emptyMap)}${module('/x.js')}`,
    engines: ['firefox'],
  },
  {
    code: 'import-map-late',
    bad: `${hashed(emptyMap)}<link rel="modulepreload" href="/x.js"><script type="importmap">${emptyMap}</script>`,
    good: `${mapWith(emptyMap)}<link rel="modulepreload" href="/x.js">`,
    engines: ['firefox'],
  },
  {
    code: 'import-map-second',
    bad: `${mapWith(emptyMap)}<script type="importmap">${emptyMap}</script>`,
    good: mapWith(emptyMap),
    engines: ['firefox'],
  },
  { code: 'import-map-invalid', bad: mapWith('{,}'), good: mapWith('{}') },
  { code: 'import-map-invalid', bad: mapWith('{"integrity":[]}'), good: mapWith('{"integrity":{}}') },
  {
    code: 'import-map-key-ignored',
    bad: mapWith(`{"integrity":{"x.js":"${sri(js)}"}}`),
    good: mapWith(`{"integrity":{"/x.js":"${sri(js)}"}}`),
  },
  {
    code: 'charset-late',
    bad: `<meta name="a" content="${late}"><meta charset="utf-8">`,
    good: `<meta charset="utf-8"><meta name="a" content="${late}">`,
  },
  {
    code: 'page-encoding',
    bad: '',
    good: '<p>ü',
    options: { raw: Buffer.from([0x3c, 0x70, 0x3e, 0xff]) } as SiteOptions,
    goodOptions: {},
  },
  {
    code: 'script-unreadable',
    bad: `${self}${module('/broken.js', sri('import {'))}`,
    good: `${self}${module('/x.js')}`,
    files: { 'broken.js': 'import {' },
  },
]

const files: Files = { 'x.js': js, 'js/x.js': js, 'x.css': css }

function codesOf(html: string, extra: Files | undefined, options: SiteOptions | undefined) {
  const page = `<!doctype html><html><head>${html}`
  const site = memorySite({ ...files, ...extra, 'index.html': page }, options)
  const raw = (options as { raw?: Uint8Array } | undefined)?.raw
  const read = (path: string) => (raw !== undefined && path === 'index.html' ? raw : site.read(path))
  return verifySite({ ...site, read }).refusals
}

describe('each code', () => {
  it.each(cases)(
    '$code: $bad',
    ({ code, bad, good, files: extra, options, goodOptions = options, engines = all }) => {
      const found = codesOf(bad, extra, options).find((refusal) => refusal.code === code)
      expect(found?.engines.toSorted()).toEqual(engines)
      expect(found?.effect).toBe(refusalRules[code].effect)
      expect(codesOf(good, extra, goodOptions).map((refusal) => refusal.code)).not.toContain(code)
    },
  )

  it('has a case', () => {
    const covered = new Set(cases.map(({ code }) => code))
    expect(Object.keys(refusalRules).filter((code) => !covered.has(code as RefusalCode))).toEqual([])
  })
})

const entryOf = (set: string) =>
  `const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["l.css"])))=>i.map(i=>d[i]);"property=csp-nonce";${set};"vite:preloadError"`
const styleCodes = (code: string, pins: Record<string, string> = { '/l.css': sri(css) }, head = '') => {
  const json = JSON.stringify({ integrity: { '/e.js': sri(code), ...pins } })
  return codesOf(
    `${mapWith(json)}${head}${module('/e.js', sri(code))}`,
    { 'e.js': code, 'l.css': css },
    undefined,
  ).map((refusal) => `${refusal.code} ${refusal.subject}`)
}

describe('where and whose', () => {
  it('tells line and column of the element', () => {
    const [refusal] = codesOf(`\n${self}\n  <script>go()</script>`, undefined, undefined)
    expect(refusal).toMatchObject({
      code: 'inline-script-blocked',
      location: { file: 'index.html', line: 3, column: 3 },
    })
  })

  it('reads a nested page under a relative base', () => {
    const page = `${self}<script type="module" src="../assets/x.js" integrity="${sri(js)}"></script>`
    const site = memorySite({ 'assets/x.js': js, 'docs/a.html': page }, { base: './' })
    expect(verifySite(site).refusals).toEqual([])
  })

  it('reads files under a base on another origin', () => {
    const page = `${metaOf(`script-src https://cdn.example/y/; ${guards}`)}${module('https://cdn.example/y/assets/x.js')}`
    const site = memorySite(
      { 'assets/x.js': 'changed', 'index.html': page },
      { base: 'https://cdn.example/y/' },
    )
    expect(verifySite(site).refusals.map(({ code }) => code)).toEqual(['integrity-mismatch'])
  })

  it('pins a lazy style only if the preload helper hands the integrity on', () => {
    expect(styleCodes(entryOf('l.integrity=x'))).toEqual([])
    expect(styleCodes(entryOf('l.href=x'))).toEqual(['integrity-missing l.css'])
  })

  it('asks for no second pin of a lazy style that the page links itself', () => {
    expect(styleCodes(entryOf('l.integrity=x'), {})).toEqual(['integrity-missing l.css'])
    expect(styleCodes(entryOf('l.integrity=x'), {}, stylesheet('/l.css'))).toEqual([])
    expect(styleCodes(entryOf('l.integrity=x'), {}, '<link rel="stylesheet" href="/l.css">')).toEqual([
      'integrity-missing l.css',
    ])
  })
})
