import type { FindingCode } from '../../../src/core/findings/index.ts'
import type { Graph, Site } from '../../../src/core/site/model.ts'
import type { Options } from '../../../src/options.ts'

type Files = Readonly<Record<string, string>>

/** A small site that a rule must speak about, and the nearest one about which it must be silent. */
export interface RuleFixture {
  readonly code: FindingCode
  readonly name: string
  readonly fails: Case
  readonly passes: Case
}

export interface Case {
  readonly files: Files
  readonly options?: Options
  readonly graph?: Graph
  readonly site?: Partial<Site>
}

const HASHED = 'assets/index-B4d0Xy12.js'

export function page(body: string, head = ''): string {
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n${head}\n</head>\n<body>\n${body}\n</body>\n</html>\n`
}

/** A page with one chunk. */
function app(code: string, body = ''): Files {
  return { 'index.html': page(`${body}<script type="module" src="/${HASHED}"></script>`), [HASHED]: code }
}

const NOTHING = { imports: [], dynamicImports: [], styles: [] }

/** The chunk of {@link app}, with an import that leads elsewhere. */
function importing(url: string): Graph {
  return new Map([[HASHED, { ...NOTHING, unanswered: [{ specifier: url, url, foreign: true }] }]])
}

const html = (body: string, head = ''): Files => ({ 'index.html': page(body, head) })

const strictStyles: Options = { directives: { 'style-src': ["'self'"] } }

/** A chunk that is made of one module, with what the user wrote. */
function made(code: string, id: string): Partial<Site> {
  return { modules: () => [{ id, code }] }
}

const extension = (policy?: string): Files => ({
  'manifest.json': JSON.stringify({
    manifest_version: 3,
    ...(policy && { content_security_policy: { extension_pages: policy } }),
  }),
})

export const RULE_FIXTURES: readonly RuleFixture[] = [
  {
    code: 'extension-page',
    name: 'a browser extension, and an app with a manifest of its own',
    fails: { files: { ...app('1'), ...extension() } },
    passes: { files: { ...app('1'), 'manifest.json': '{ "name": "App" }' } },
  },
  {
    code: 'extension-policy',
    name: 'an inline script in an extension, and a file in its place',
    fails: { files: { ...app('1', '<script>go()</script>'), ...extension() } },
    passes: { files: { ...app('1'), ...extension("script-src 'self' 'wasm-unsafe-eval'") } },
  },
  {
    code: 'extension-policy',
    name: 'an extension whose policy lets no file run',
    fails: { files: { ...app('1'), ...extension("script-src 'none'") } },
    passes: { files: { ...app('1'), ...extension("script-src 'self'") } },
  },
  {
    code: 'inline-handler',
    name: 'a handler, and the listener that replaces it',
    fails: { files: html('<button onclick="save()">Save</button>') },
    passes: { files: html('<button id="save" data-onclick="save()">Save</button>') },
  },
  {
    code: 'inline-handler',
    name: "a handler of SVG's, and the same with unsafeHashes",
    fails: { files: html('<svg><animate onbegin="go()"/></svg>') },
    passes: { files: html('<svg><animate onbegin="go()"/></svg>'), options: { unsafeHashes: true } },
  },
  {
    code: 'inline-handler',
    name: 'a handler inside a frame that inherits the policy, and a frame without one',
    fails: { files: html('<iframe srcdoc="<p onclick=go()>"></iframe>') },
    passes: { files: html('<iframe srcdoc="<p>onclick=go()"></iframe>') },
  },
  {
    code: 'handler-before-policy',
    name: 'a handler of <html> before the meta, and under a header',
    fails: { files: { 'index.html': '<!doctype html><html onclick="go()"><head></head></html>' } },
    passes: {
      files: { 'index.html': '<!doctype html><html onclick="go()"><head></head></html>' },
      options: { output: 'netlify' },
    },
  },
  {
    code: 'javascript-url',
    name: 'a URL that is a script, and one that only looks like it',
    fails: { files: html('<a href=" java\tscript:print()">Print</a>') },
    passes: { files: html('<a href="/javascript:print()">Print</a>') },
  },
  {
    code: 'javascript-url',
    name: 'an xlink:href, and one with unsafeHashes',
    fails: { files: html('<svg><a xlink:href="javascript:go()"/></svg>') },
    passes: { files: html('<form action="javascript:go()"></form>'), options: { unsafeHashes: true } },
  },
  {
    code: 'style-attribute',
    name: 'a style attribute under a strict style-src, and where nothing decides about styles',
    fails: { files: html('<p style="color: red">'), options: strictStyles },
    passes: { files: html('<p style="color: red">') },
  },
  {
    code: 'style-attribute',
    name: 'a style attribute under tight, and with unsafeHashes',
    fails: { files: html('<p style="color: red">'), options: { preset: 'tight' } },
    passes: { files: html('<p style="color: red">'), options: { preset: 'tight', unsafeHashes: true } },
  },
  {
    code: 'style-unsafe-inline',
    name: "the user's 'unsafe-inline' with an inline style, and without one",
    fails: {
      files: html('', '<style>p{}</style>'),
      options: { directives: { 'style-src': ["'unsafe-inline'"] } },
    },
    passes: { files: html(''), options: { directives: { 'style-src': ["'unsafe-inline'"] } } },
  },
  {
    code: 'css-in-js',
    name: 'a style element made by a script, and the same where inline styles are allowed',
    fails: { files: app('const s=document.createElement("style");'), options: { preset: 'tight' } },
    passes: {
      files: app('const s=document.createElement("style");'),
      options: { preset: 'tight', directives: { 'style-src': ["'unsafe-inline'"] } },
    },
  },
  {
    code: 'css-in-js',
    name: 'made by a library, and by a framework that is able to',
    fails: {
      files: app('d.createElement("style")'),
      options: { preset: 'basic' },
      site: made('d.createElement("style")', '/app/node_modules/styled/index.js'),
    },
    passes: {
      files: app('d.createElement("style")'),
      options: { preset: 'basic' },
      site: made('d.createElement("style")', '/app/node_modules/react-dom/client.js'),
    },
  },
  {
    code: 'css-in-js',
    name: 'markup with a <style>, and the names of attributes and events',
    fails: { files: app('host.innerHTML=`<style>${css}</style>`'), options: { preset: 'basic' } },
    passes: {
      files: app(
        'e.getAttribute("style");$(e).attr("style","x");this.emit(\'style\');q("style");a=["script","style"];b="a <style> element";d.querySelector(`style`)',
      ),
      options: { preset: 'basic' },
    },
  },
  {
    code: 'eval-used',
    name: 'eval, and a method of that name',
    fails: { files: app('const f=t=>(0,eval)(t);') },
    passes: { files: app('const f=t=>parser.eval(t)+retrieval(t);function eval2(){}') },
  },
  {
    code: 'eval-used',
    name: 'new Function, and the way to the global object',
    fails: { files: app('new Function("a","return a")') },
    passes: { files: app('const root=Function("return this")();isFunction(root)') },
  },
  {
    code: 'eval-used',
    name: "eval in an inline script, and with 'unsafe-eval'",
    fails: { files: html('<script>eval(location.hash)</script>') },
    passes: {
      files: html('<script>eval(location.hash)</script>'),
      options: { directives: { 'script-src': ["'unsafe-eval'"] } },
    },
  },
  {
    code: 'eval-used',
    name: 'new Function under another name, and a pattern that mentions eval',
    fails: { files: app('const F=Function;new F("a")') },
    passes: { files: app('/drop|eval(?:cmd)?/.test(x)') },
  },
  {
    code: 'eval-tried',
    name: 'a test of what the browser allows, and the same without a net',
    fails: { files: app('try{new Function("")}catch{}') },
    passes: { files: app('new Function("")') },
  },
  {
    code: 'wasm-blocked',
    name: 'WebAssembly under scripts-only, and under basic, which opens for it',
    fails: { files: app('WebAssembly.instantiateStreaming(fetch("/a.wasm"))') },
    passes: {
      files: app('WebAssembly.instantiateStreaming(fetch("/a.wasm"))'),
      options: { preset: 'basic' },
    },
  },
  {
    code: 'base-blocked',
    name: "<base> under base-uri 'none', and allowed",
    fails: { files: html('', '<base href="/">') },
    passes: { files: html('', '<base href="/">'), options: { directives: { 'base-uri': ["'self'"] } } },
  },
  {
    code: 'need-blocked',
    name: "a plug-in under object-src 'none', and an image",
    fails: { files: html('<object data="/map.pdf"></object>') },
    passes: { files: html('<img src="/map.png" alt="">') },
  },
  {
    code: 'need-blocked',
    name: "an image under the user's own img-src 'none', and under tight",
    fails: { files: html('<img src="/map.png" alt="">'), options: { directives: { 'img-src': "'none'" } } },
    passes: { files: html('<img src="/map.png" alt="">'), options: { preset: 'tight' } },
  },
  {
    code: 'need-blocked',
    name: "inline styles that default-src 'none' closes, and a style-src that takes their hash",
    fails: { files: html('', '<style>p{}</style>'), options: { directives: { 'default-src': "'none'" } } },
    passes: { files: html('', '<style>p{}</style>'), options: strictStyles },
  },
  {
    code: 'import-unlisted',
    name: 'an inline module that imports from a CDN, and one that the user trusts',
    fails: { files: html('<script type="module">import "https://esm.example/x"</script>') },
    passes: {
      files: html('<script type="module">import "https://esm.example/x"</script>'),
      options: { external: { 'https://esm.example': true } },
    },
  },
  {
    code: 'import-unlisted',
    name: 'a chunk that imports from a CDN, and the same pinned',
    fails: { files: app('import("https://esm.example/x")'), graph: importing('https://esm.example/x') },
    passes: {
      files: app('import("https://esm.example/x")'),
      graph: importing('https://esm.example/x'),
      options: { external: { 'https://esm.example/x': `sha384-${'A'.repeat(64)}` } },
    },
  },
  {
    code: 'pin-unused',
    name: 'a script element that a chunk makes for a pinned URL, and one that is given the pin',
    fails: {
      files: app('s.src="https://cdn.example/v.js"'),
      options: { external: { 'https://cdn.example/v.js': `sha384-${'A'.repeat(64)}` } },
    },
    passes: {
      files: app(`s.src="https://cdn.example/v.js";s.integrity="sha384-${'A'.repeat(64)}"`),
      options: { external: { 'https://cdn.example/v.js': `sha384-${'A'.repeat(64)}` } },
    },
  },
  {
    code: 'import-missing',
    name: 'an import of no file, and one that the server answers',
    fails: { files: html('<script type="module">import "/gone.js"</script>') },
    passes: {
      files: html('<script type="module">import "/gone.js"</script>'),
      options: { external: { '/gone.js': true } },
    },
  },
  {
    code: 'import-elsewhere',
    name: 'an import of anything with scripts elsewhere, and with those allowed',
    fails: {
      files: { ...app('import(x)'), 'plugins/a.js': '' },
      graph: new Map([[HASHED, { ...NOTHING, importsAnything: true }]]),
      site: { unnamedImports: () => [HASHED, 'plugins/a.js'] },
    },
    passes: {
      files: { ...app('import(x)'), 'plugins/a.js': '' },
      graph: new Map([[HASHED, { ...NOTHING, importsAnything: true }]]),
      site: { unnamedImports: () => [HASHED, 'plugins/a.js'] },
      options: { external: { '/plugins/': true } },
    },
  },
  {
    code: 'script-made',
    name: 'an element for a script of a service, and one that the user allows',
    fails: { files: app('let s=d.createElement("script");s.src="https://accounts.example/gsi/client"') },
    passes: {
      files: app('let s=d.createElement("script");s.src="https://accounts.example/gsi/client"'),
      options: { external: { 'https://accounts.example': true } },
    },
  },
  {
    code: 'script-made',
    name: 'a script that the host answers, and a search for scripts',
    fails: { files: app('let s=d.createElement("script");s.src="/_vercel/insights/script.js"') },
    passes: { files: app('d.querySelectorAll("script");u="/_vercel/insights/script.js"') },
  },
  {
    code: 'script-made',
    name: 'a package that makes script elements, and a framework that could',
    fails: {
      files: app('d.createElement("script").src="https://a.example/w"'),
      site: made('d.createElement("script").src="https://a.example/w"', '/app/node_modules/widget/index.js'),
    },
    passes: {
      files: app('d.createElement("script").src="https://a.example/w"'),
      site: made(
        'd.createElement("script").src="https://a.example/w"',
        '/app/node_modules/react-dom/client.js',
      ),
    },
  },
  {
    code: 'script-text',
    name: 'an inline script that a script makes, and one of the queue that the page keeps',
    fails: { files: app('const s=document.createElement("script");s.textContent=t') },
    passes: {
      files: app(
        'const s=document.createElement("script");s.textContent=t',
        '<script>(self.__next_s=self.__next_s||[]).push([0,{"children":"a()"}])</script>',
      ),
    },
  },
  {
    code: 'script-blob',
    name: 'a module from a blob, and one that the user allows',
    fails: { files: app('import(URL.createObjectURL(new Blob([t],{type:"text/javascript"})))') },
    passes: {
      files: app('import(URL.createObjectURL(new Blob([t],{type:"text/javascript"})))'),
      options: { directives: { 'script-src-elem': ['blob:'] } },
    },
  },
  {
    code: 'chunks-unpinned',
    name: "webpack's runtime, and a chunk of its that is a module",
    fails: { files: app('(self.webpackChunkapp=self.webpackChunkapp||[]).push([[1],{}])') },
    passes: { files: app('export const chunk=1') },
  },
  {
    code: 'chunks-unpinned',
    name: "Turbopack's runtime, and the word in a longer name",
    fails: { files: app('(globalThis.TURBOPACK||(globalThis.TURBOPACK=[])).push([s,1,()=>{}])') },
    passes: { files: app('export const TURBOPACKS=1') },
  },
  {
    code: 'document-router',
    name: 'Turbo with an inline script, and under one policy for all pages',
    fails: { files: app('addEventListener("turbo:before-render",f)', '<script>a()</script>') },
    passes: {
      files: app('addEventListener("turbo:before-render",f)', '<script>a()</script>'),
      options: { layout: 'union' },
    },
  },
  {
    code: 'document-router',
    name: 'htmx that boosts links, and htmx alone',
    fails: { files: app('"hx-boost"', '<body hx-boost="true"><script>a()</script>') },
    passes: { files: app('"hx-boost"', '<script>a()</script>') },
  },
  {
    code: 'pin-idle',
    name: 'a pin for a script that another one adds, and for one that a tag loads',
    fails: {
      files: app('d.createElement("script").src="https://a.example/w.js"'),
      options: { external: { 'https://a.example/w.js': `sha384-${'A'.repeat(64)}` } },
    },
    passes: {
      files: app(
        'd.createElement("script").src="https://a.example/w.js"',
        '<script src="https://a.example/w.js" crossorigin></script>',
      ),
      options: { external: { 'https://a.example/w.js': `sha384-${'A'.repeat(64)}` } },
    },
  },
  {
    code: 'foreign-script-url',
    name: 'a script of another origin in a chunk, and an address in a message',
    fails: { files: app('load("https://widget.example/v1/chat.js")') },
    passes: { files: app('throw Error("see https://react.dev/errors/418.js")') },
  },
  {
    code: 'foreign-script-url',
    name: 'the same, and with its origin trusted',
    fails: { files: app('load("https://js.pay.example/v3/")') },
    passes: {
      files: app('load("https://js.pay.example/v3/")'),
      options: { external: { 'https://js.pay.example': true } },
    },
  },
  {
    code: 'remote-urls',
    name: 'an origin in the code that tight cannot allow, and one that it is told of',
    fails: { files: app('const api="https://api.tides.test/v1";fetch(api)'), options: { preset: 'tight' } },
    passes: {
      files: app('const api="https://api.tides.test/v1";fetch(api)'),
      options: { preset: 'tight', directives: { 'connect-src': ['https://api.tides.test'] } },
    },
  },
  {
    code: 'remote-urls',
    name: 'a request, and a link to somewhere else',
    fails: {
      files: app('h("a",{href:"https://social.test/us"});get("https://social.test/us")'),
      options: { preset: 'tight' },
    },
    passes: { files: app('h("a",{href:"https://social.test/us"})'), options: { preset: 'tight' } },
  },
  {
    code: 'remote-urls',
    name: 'a template of hosts, and one that is allowed by a wildcard',
    fails: { files: app("tiles('https://{s}.tile.maps.test/{z}.png')"), options: { preset: 'tight' } },
    passes: {
      files: app("tiles('https://{s}.tile.maps.test/{z}.png')"),
      options: { preset: 'tight', directives: { 'img-src': ['https://*.tile.maps.test'] } },
    },
  },
  {
    code: 'service-blocked',
    name: 'the script of a service without its frames, and with all that it needs',
    fails: {
      files: app(''),
      options: { preset: 'tight', external: { 'https://js.stripe.com': true } },
    },
    passes: {
      files: app(''),
      options: {
        preset: 'tight',
        external: { 'https://js.stripe.com': true },
        directives: {
          'frame-src': ['https://js.stripe.com', 'https://hooks.stripe.com'],
          'connect-src': ['https://api.stripe.com'],
        },
      },
    },
  },
  {
    code: 'remote-style',
    name: 'a stylesheet from elsewhere under tight, and under scripts-only',
    fails: {
      files: html('', '<link rel="stylesheet" href="https://styles.test/a.css">'),
      options: { preset: 'tight' },
    },
    passes: { files: html('', '<link rel="stylesheet" href="https://styles.test/a.css">') },
  },
  {
    code: 'name-without-hash',
    name: 'a script with a plain name, and one with a hash',
    fails: { files: { 'index.html': page('<script src="/legacy.js"></script>'), 'legacy.js': '1' } },
    passes: { files: app('1') },
  },
  {
    code: 'name-without-hash',
    name: 'a name that is a word, and names that are nothing but a hash or have more behind it',
    fails: { files: { 'index.html': page('<script src="/frontend.js"></script>'), 'frontend.js': '1' } },
    passes: {
      files: {
        'index.html': page('<script src="/BnSekyMk.js"></script><script src="/a.CcNEqvjm.lean.js"></script>'),
        'BnSekyMk.js': '1',
        'a.CcNEqvjm.lean.js': '1',
      },
    },
  },
  {
    code: 'nonce-static',
    name: 'a nonce in the page, and an empty one',
    fails: { files: html('', '<script nonce="abc123">1</script>') },
    passes: { files: html('', '<script nonce="">1</script>') },
  },
  {
    code: 'nonce-placeholder',
    name: 'the nonce option, and none',
    fails: { files: html('', '<script nonce="{{nonce}}">1</script>'), options: { nonce: '{{nonce}}' } },
    passes: { files: html('', '<script>1</script>') },
  },
  {
    code: 'dom-content-loaded',
    name: 'a listener under the loader, and under strict',
    fails: { files: app('addEventListener("DOMContentLoaded",start)'), options: { scripts: 'loader' } },
    passes: { files: app('addEventListener("DOMContentLoaded",start)') },
  },
  {
    code: 'trusted-types-sink',
    name: 'innerHTML under Trusted Types, and textContent',
    fails: { files: app('e.innerHTML=t'), options: { trustedTypes: true } },
    passes: { files: app('e.textContent=t;e.innerHTML==t'), options: { trustedTypes: true } },
  },
  {
    code: 'trusted-types-sink',
    name: 'a worker by its URL, and without Trusted Types',
    fails: { files: app('new Worker("/w.js")'), options: { trustedTypes: ['app'] } },
    passes: { files: app('new Worker("/w.js")') },
  },
  {
    code: 'source-weak',
    name: 'data: for scripts, and a host',
    fails: {
      files: html(''),
      options: { directives: { 'script-src-elem': ['data:'] }, findings: { evaluator: 'off' } },
    },
    passes: { files: html(''), options: { directives: { 'script-src-elem': ['https://a.test/b/'] } } },
  },
  {
    code: 'source-weak',
    name: "'unsafe-eval', and 'unsafe-inline' that a hash switches off",
    fails: { files: app('1'), options: { directives: { 'script-src': ["'unsafe-eval'"] } } },
    passes: {
      files: html('<script>1</script>'),
      options: { directives: { 'script-src': ["'unsafe-inline'"] } },
    },
  },
  ...['https://*:*/stats/', 'localhost:*/stats/', "'self'", 'https://unpkg.com'].map(
    (source): RuleFixture => ({
      code: 'source-weak',
      name: `${source} for scripts, and one file of a host`,
      fails: {
        files: html('<script>1</script>'),
        options: { directives: { 'script-src-elem': [source] }, findings: { evaluator: 'off' } },
      },
      passes: {
        files: html('<script>1</script>'),
        options: { directives: { 'script-src-elem': ['https://unpkg.com/vue@3.5.0/dist/vue.js'] } },
      },
    }),
  ),
  {
    code: 'source-weak',
    name: 'a wildcard host in script-src, which lands in the fence, and an own file in external',
    fails: {
      files: html('<script>1</script>'),
      options: { directives: { 'script-src': ['https://*:*/stats/'] }, findings: { evaluator: 'off' } },
    },
    passes: { files: html('<script>1</script>'), options: { external: { '/stats/x.js': true } } },
  },
  {
    code: 'seal-removed',
    name: 'no fence, and an origin that the fence lets in',
    fails: { files: html('<script>1</script>'), options: { fence: false } },
    passes: { files: html('<script>1</script>'), options: { external: { 'https://a.test': true } } },
  },
  {
    code: 'seal-removed',
    name: 'no script-src-elem, and no style-src-elem',
    fails: { files: html('<script>1</script>'), options: { directives: { 'script-src-elem': false } } },
    passes: { files: html('<script>1</script>'), options: { directives: { 'style-src-elem': false } } },
  },
  {
    code: 'script-src-removed',
    name: 'no script-src, and no img-src',
    fails: {
      files: html(''),
      options: { preset: 'basic', directives: { 'script-src': false }, findings: { evaluator: 'off' } },
    },
    passes: { files: html(''), options: { preset: 'basic', directives: { 'img-src': false } } },
  },
  {
    code: 'evaluator',
    name: 'a policy that anyone can pass, and the default',
    fails: { files: app('1'), options: { directives: { 'object-src': ['*'] } } },
    passes: { files: app('1') },
  },
  {
    code: 'meta-directive-ignored',
    name: 'frame-ancestors in a meta, and in a header',
    fails: { files: html(''), options: { directives: { 'frame-ancestors': "'self'" } } },
    passes: { files: html(''), options: { directives: { 'frame-ancestors': "'self'" }, output: 'netlify' } },
  },
  {
    code: 'external-unlisted',
    name: 'a script of another origin in a tag, and a trusted one',
    fails: { files: html('<script src="https://cdn.test/a.js"></script>') },
    passes: {
      files: html('<script src="https://cdn.test/a.js"></script>'),
      options: { external: { 'https://cdn.test': true } },
    },
  },
]
