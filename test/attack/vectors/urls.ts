import type { Vector } from '../vector.ts'

const CLICK = `page.document.querySelector('#c').click()`
/** Elements outside of HTML have no `click()`. */
const DISPATCH = `page.document.querySelector('#c').dispatchEvent(new page.MouseEvent('click', { bubbles: true, cancelable: true, view: page }))`
const body = (id: string, what: string, markup: string, more: Partial<Vector> = {}): Vector => ({
  id,
  what,
  markup,
  at: 'body-end',
  ...more,
})
const UPLOADED_DOCUMENT =
  'a document of the site has the policy that it is served with: a meta tag protects only the page that it stands in'

/** URLs that are code, or that bring a document along. */
export const urls: readonly Vector[] = [
  body('anchor', '`<a href="javascript:…">`', '<a id=c href="javascript:MARK">a</a>', { act: CLICK }),
  body(
    'anchorDisguised',
    'the same, disguised',
    '<a id=c href="&#1;jAva&Tab;scr&NewLine;ipt&colon;MARK">a</a>',
    { act: CLICK },
  ),
  body(
    'anchorInFrame',
    '`<a target>` of an empty frame',
    '<iframe name=n></iframe><a id=c target=n href="javascript:MARK">a</a>',
    { act: CLICK },
  ),
  body(
    'area',
    '`<area href="javascript:…">`',
    '<map name=m><area id=c shape=default href="javascript:MARK"></map>',
    { act: CLICK },
  ),
  body(
    'svgAnchor',
    '`<svg><a href="javascript:…">`',
    '<svg><a id=c href="javascript:MARK"><text y=9>t</text></a></svg>',
    { act: DISPATCH },
  ),
  body(
    'svgAnchorXlink',
    '`<svg><a xlink:href="javascript:…">`',
    '<svg><a id=c xlink:href="javascript:MARK"><text y=9>t</text></a></svg>',
    { act: DISPATCH },
  ),
  body(
    'smilSetHref',
    '`<set>` gives a link a `javascript:` URL',
    '<svg><a id=c href="#"><set attributeName=href to="javascript:MARK"/><text y=9>t</text></a></svg>',
    { act: DISPATCH },
  ),
  body(
    'smilAnimateHref',
    '`<animate>` gives a link a `javascript:` URL',
    '<svg><a id=c href="#"><animate attributeName=href values="javascript:MARK;#" keyTimes="0;1" dur=99s /><text y=9>t</text></a></svg>',
    { act: DISPATCH },
  ),
  body('mathHref', '`<math href="javascript:…">`', '<math id=c href="javascript:MARK"><mi>m</mi></math>', {
    act: DISPATCH,
    control: ['firefox', 'webkit'],
  }),
  body(
    'formAction',
    '`<form action="javascript:…">`',
    '<form action="javascript:MARK"><button id=c>b</button></form>',
    { act: CLICK },
  ),
  body(
    'formactionButton',
    '`<button formaction="javascript:…">`',
    '<form><button id=c formaction="javascript:MARK">b</button></form>',
    { act: CLICK },
  ),
  body(
    'formactionImage',
    '`<input type=image formaction="javascript:…">`',
    '<form><input type=image id=c formaction="javascript:MARK"></form>',
    { act: CLICK },
  ),
  body(
    'formactionFar',
    '`<button form formaction>` for another form',
    '<form id=f></form><button form=f id=c formaction="javascript:MARK">b</button>',
    { act: CLICK },
  ),
  body('iframeDisguised', '`<iframe src="java⏎script:…">`', '<iframe src=" java&#10;script:MARK"></iframe>'),
  {
    id: 'frameJavascript',
    what: '`<frameset><frame src="javascript:…">`',
    at: 'head',
    markup: '<frameset><frame src="javascript:MARK">',
    breaks: 'markup',
  },
  body(
    'iframeData',
    '`<iframe src="data:text/html,…">`: another origin',
    '<iframe src="data:text/html,<script>MARK</script>"></iframe>',
    { control: [] },
  ),
  body('objectJavascript', '`<object data="javascript:…">`', '<object data="javascript:MARK"></object>', {
    control: [],
  }),
  body('objectUploadedSvg', '`<object data>` of an uploaded SVG', '<object data="/up/ID.svg"></object>'),
  body('embedUploadedSvg', '`<embed src>` of an uploaded SVG', '<embed src="/up/ID.svg">'),
  body(
    'objectUploadedPage',
    '`<object data>` of an uploaded page',
    '<object type=text/html data="/up/ID.html"></object>',
  ),
  body('embedUploadedPage', '`<embed src>` of an uploaded page', '<embed type=text/html src="/up/ID.html">'),
  body(
    'applet',
    '`<applet>`, `<param>`',
    '<applet code=EVIL_JS><param name=src value="javascript:MARK"></applet><object><param name=movie value="javascript:MARK"></object>',
    { control: [] },
  ),
  body('iframeUploadedPage', '`<iframe src>` of an uploaded page', '<iframe src="/up/ID.html"></iframe>', {
    limit: UPLOADED_DOCUMENT,
  }),
  body('iframeUploadedSvg', '`<iframe src>` of an uploaded SVG', '<iframe src="/up/ID.svg"></iframe>', {
    limit: UPLOADED_DOCUMENT,
  }),
  body(
    'iframeUploadedXml',
    '`<iframe src>` of an uploaded XML file with a script',
    '<iframe src="/up/ID.xml"></iframe>',
    { limit: UPLOADED_DOCUMENT },
  ),
  body(
    'metaRefreshUploaded',
    '`<meta http-equiv=refresh>` to an uploaded page',
    '<meta http-equiv=refresh content="0;url=/up/ID.html">',
    { limit: UPLOADED_DOCUMENT, breaks: 'markup' },
  ),
  body(
    'metaRefreshData',
    '`<meta http-equiv=refresh>` to `data:`: another origin',
    '<meta http-equiv=refresh content="0;url=data:text/html,<script>MARK</script>">',
    { control: [], breaks: 'markup' },
  ),
  body(
    'portal',
    '`<portal>`, `<fencedframe>`',
    '<portal src="javascript:MARK"></portal><fencedframe src="javascript:MARK"></fencedframe>',
    { control: [] },
  ),
  body(
    'images',
    '`javascript:` as an image, a background, a style',
    `<img src="javascript:MARK"><table background="javascript:MARK"><link rel=stylesheet href="javascript:MARK"><style>@import 'javascript:MARK'</style>`,
    { control: [] },
  ),
  body(
    'styleCode',
    'code in styles, as old browsers had it',
    '<p style="width:expression(MARK);-moz-binding:url(EVIL/up/ID.xml#x);behavior:url(EVIL/up/ID.htc)">p',
    { control: [] },
  ),
  body('ping', '`<a ping="javascript:…">`', '<a id=c href="#" ping="javascript:MARK">a</a>', {
    act: CLICK,
    control: [],
  }),
  body(
    'baseJavascript',
    '`<base href="javascript:…">`',
    '<base href="javascript:MARK//"><a id=c href="x">a</a>',
    { act: CLICK, control: [] },
  ),
  body(
    'svgUseData',
    '`<svg><use href="data:…">`',
    `<svg><use href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' id='x'><image href='missing.png' onerror='MARK'/></svg>#x"/></svg>`,
    { control: [] },
  ),
]
