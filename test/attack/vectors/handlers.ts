import type { Vector } from '../vector.ts'

const CLICK = `page.document.querySelector('#c').click()`
const body = (id: string, what: string, markup: string, more: Partial<Vector> = {}): Vector => ({
  id,
  what,
  markup,
  at: 'body-end',
  ...more,
})

/** Event handlers as attributes: those that fire by themselves, and those that wait for the visitor. */
export const handlers: readonly Vector[] = [
  body('slashes', '`<svg/onload>`', '<svg/onload=MARK>'),
  body('upperCase', '`<SVG ONLOAD>`', '<SVG ONLOAD=MARK>'),
  body('unclosedTag', '`<img onerror` without an end', '<img src=missing.png onerror=MARK '),
  body(
    'entities',
    '`onerror` in character references',
    '<img src=missing.png onerror="&#118;oid(top.ran.ID&equals;1)">',
  ),
  body('imageTag', '`<image onerror>`, which is an `<img>`', '<image src=missing.png onerror=MARK>'),
  body(
    'lazyImage',
    '`<img loading=lazy onload>`',
    '<img loading=lazy src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" onload=MARK>',
    { control: ['chromium', 'firefox'] },
  ),
  body(
    'pictureSource',
    '`<picture><source><img onerror>`',
    '<picture><source srcset=missing.png><img onerror=MARK></picture>',
  ),
  body('inputImage', '`<input type=image onerror>`', '<input type=image src=missing.png onerror=MARK>'),
  body('svgImage', '`<svg><image onerror>`', '<svg><image href=missing.png onerror=MARK>'),
  body('videoSource', '`<video><source onerror>`', '<video><source src=missing.mp4 onerror=MARK></video>'),
  body('audioError', '`<audio onerror>`', '<audio src=missing.mp3 onerror=MARK></audio>'),
  body('videoLoadstart', '`<video onloadstart>`', '<video src=missing.mp4 onloadstart=MARK></video>'),
  body('trackError', '`<track onerror>`', '<video><track default src=missing.vtt onerror=MARK></video>', {
    control: ['chromium', 'firefox'],
  }),
  body('linkError', '`<link rel=stylesheet onerror>`', '<link rel=stylesheet href=missing.css onerror=MARK>'),
  body(
    'linkLoad',
    '`<link rel=stylesheet onload>`',
    '<link rel=stylesheet href="data:text/css," onload=MARK>',
  ),
  body(
    'modulepreloadLoad',
    '`<link rel=modulepreload onload>` of a file of the build',
    '<link rel=modulepreload crossorigin href="STATIC_CHUNK" onload=MARK>',
  ),
  body('styleLoad', '`<style onload>`', '<style onload=MARK>b{color:red}</style>'),
  body('scriptError', '`<script onerror>`', '<script src=missing.js onerror=MARK></script>'),
  body(
    'scriptLoad',
    '`<script onload>` of a file of the build',
    '<script src="/classic.js" onload=MARK></script>',
  ),
  body('iframeLoad', '`<iframe onload>`', '<iframe onload=MARK></iframe>'),
  body('objectError', '`<object onerror>`', '<object data=missing.bin onerror=MARK></object>', {
    control: ['chromium', 'firefox'],
  }),
  body('embedLoad', '`<embed onload>`', '<embed src=missing.html onload=MARK>', { control: ['chromium'] }),
  body('bodyOnload', '`<body onload>`', '<body onload=MARK>'),
  body('bodyPageshow', '`<body onpageshow>`', '<body onpageshow=MARK>'),
  body('bodyMessage', '`<body onmessage>`', '<body onmessage=MARK>', { act: `page.postMessage(1, '*')` }),
  body('bodyHashchange', '`<body onhashchange>`', '<body onhashchange=MARK>', {
    act: `page.location.hash = 'elsewhere'`,
  }),
  body('bodyPagehide', '`<body onpagehide>`', '<body onpagehide=MARK>', { act: 'page.location.reload()' }),
  body('bodyResize', '`<body onresize>`', '<body onresize=MARK>', { act: `page.frameElement.width = '200'` }),
  body('htmlAttribute', 'attributes of a second `<html>` tag', '<html onclick=MARK>', {
    act: 'page.document.documentElement.click()',
  }),
  {
    id: 'frameset',
    what: '`<frameset onload>`',
    at: 'head',
    markup: '<frameset onload=MARK>',
    breaks: 'markup',
  },
  {
    id: 'ownViolation',
    what: '`onsecuritypolicyviolation` of a policy that came along',
    at: 'head',
    markup: `<meta http-equiv=Content-Security-Policy content="style-src 'none'"><body><b style="color:red" onsecuritypolicyviolation=MARK>b</b>`,
    breaks: 'markup',
    // Its page keeps WebKit busy, and others would wait for it.
    alone: true,
  },
  body(
    'animationstart',
    '`onanimationstart` with a `<style>`',
    '<style>@keyframes k{to{opacity:1}}</style><b style="animation:k 1s" onanimationstart=MARK>b</b>',
  ),
  body(
    'webkitAnimationend',
    '`onwebkitanimationend`',
    '<style>@keyframes k{to{opacity:1}}</style><b style="animation:k 1ms" onwebkitanimationend=MARK>b</b>',
  ),
  body(
    'transitionend',
    '`ontransitionend`',
    '<style>#c{display:block;transition:opacity 1ms}#c.t{opacity:0}</style><b id=c ontransitionend=MARK>b</b>',
    {
      act: `const c = page.document.querySelector('#c'); c.getBoundingClientRect(); page.getComputedStyle(c).opacity; c.className = 't'`,
    },
  ),
  body('smilBegin', 'SVG `<animate onbegin>`', '<svg><animate onbegin=MARK attributeName=x dur=1s></svg>'),
  body('smilEnd', 'SVG `<animate onend>`', '<svg><animate onend=MARK attributeName=x dur=10ms></svg>'),
  body(
    'smilRepeat',
    'SVG `<animate onrepeat>`',
    '<svg><animate onrepeat=MARK attributeName=x dur=10ms repeatCount=3></svg>',
    { control: ['chromium', 'firefox'] },
  ),
  body(
    'smilSetHandler',
    'SVG `<set>` that writes a handler',
    '<svg id=c width=9 height=9><set attributeName=onclick to="MARK"/></svg>',
    { act: `page.document.querySelector('#c').dispatchEvent(new page.Event('click'))`, control: [] },
  ),
  body('detailsToggle', '`<details open ontoggle>`', '<details open ontoggle=MARK>'),
  body(
    'popoverBeforetoggle',
    '`<div popover onbeforetoggle>`',
    '<button id=c popovertarget=p>b</button><div popover id=p onbeforetoggle=MARK>p</div>',
    { act: CLICK },
  ),
  body(
    'popoverToggle',
    '`<div popover ontoggle>`',
    '<button id=c popovertarget=p>b</button><div popover id=p ontoggle=MARK>p</div>',
    { act: CLICK },
  ),
  body(
    'invokerCommand',
    '`<button commandfor>`, `<dialog oncommand>`',
    '<button id=c commandfor=d command=show-modal>b</button><dialog id=d oncommand=MARK>d</dialog>',
    { act: CLICK, control: ['chromium', 'firefox'] },
  ),
  body(
    'dialogClose',
    '`<dialog onclose>`',
    '<dialog open onclose=MARK><form method=dialog><button id=c>b</button></form></dialog>',
    { act: CLICK },
  ),
  body('marqueeStart', '`<marquee onstart>`', '<marquee onstart=MARK>m</marquee>', { control: [] }),
  body(
    'marqueeBounce',
    '`<marquee onbounce>`',
    '<marquee width=9 behavior=alternate scrollamount=99 onbounce=MARK>m</marquee>',
    { control: [] },
  ),
  body(
    'contentVisibility',
    '`oncontentvisibilityautostatechange`',
    '<div style="display:block;content-visibility:auto" oncontentvisibilityautostatechange=MARK>d</div>',
  ),
  body(
    'scrollend',
    '`onscrollend`',
    '<div id=c style="overflow:auto;height:9px" onscrollend=MARK><p style="height:99px">p</div>',
    { act: `page.document.querySelector('#c').scrollTop = 50`, control: ['chromium', 'firefox'] },
  ),
  body(
    'scrollsnapchange',
    '`onscrollsnapchange`',
    '<div id=c style="overflow:auto;height:20px;scroll-snap-type:y mandatory" onscrollsnapchange=MARK><p style="height:99px;scroll-snap-align:start">1<p style="height:99px;scroll-snap-align:start">2</div>',
    { act: `page.document.querySelector('#c').scrollTop = 150`, control: ['chromium'] },
  ),
  body(
    'beforematch',
    '`hidden=until-found onbeforematch`',
    '<p id=c hidden=until-found onbeforematch=MARK>p',
    { act: `page.location.hash = 'c'`, control: ['firefox', 'webkit'] },
  ),
  body(
    'focusByAddress',
    '`tabindex onfocus`, focused by the address',
    '<b id=c tabindex=0 onfocus=MARK>b</b>',
    { act: `page.location.hash = 'c'` },
  ),
  body(
    'svgFocusin',
    '`<svg onfocusin>`',
    '<svg onfocusin=MARK><a id=c tabindex=0><text y=9>t</text></a></svg>',
    { act: `page.document.querySelector('#c').focus()`, control: ['chromium', 'webkit'] },
  ),
  body(
    'autofocusUnknown',
    '`autofocus onfocus` on an unknown element',
    '<x-y tabindex=0 autofocus onfocus=MARK>x</x-y>',
    { alone: true },
  ),
  body('pointerrawupdate', '`onpointerrawupdate`', '<b id=c onpointerrawupdate=MARK>b</b>', {
    act: `page.document.querySelector('#c').dispatchEvent(new page.PointerEvent('pointerrawupdate'))`,
    control: ['chromium', 'firefox'],
  }),
  body('click', '`onclick`', '<b id=c onclick=MARK>b</b>', { act: CLICK }),
  body('mathClick', '`<math onclick>`', '<math><mtext id=c onclick=MARK>m</mtext></math>', {
    act: `page.document.querySelector('#c').dispatchEvent(new page.Event('click'))`,
  }),
  body(
    'invalid',
    '`oninvalid` of a form field',
    '<form><input required oninvalid=MARK><button id=c>b</button></form>',
    { act: CLICK },
  ),
  body(
    'formdata',
    '`<form onformdata>`',
    '<form onformdata=MARK onsubmit="return false"><input name=a></form>',
    { act: `new page.FormData(page.document.querySelector('form'))` },
  ),
  body('submit', '`<form onsubmit>`', '<form action="#" onsubmit=MARK><button id=c>b</button></form>', {
    act: CLICK,
  }),
  body(
    'selectionchange',
    '`onselectionchange` of a field',
    '<textarea id=c onselectionchange=MARK>text</textarea>',
    { act: `page.document.querySelector('#c').setSelectionRange(1, 2)` },
  ),
  body(
    'slotchange',
    '`<slot onslotchange>` in a declarative shadow root',
    '<div><template shadowrootmode=open><slot onslotchange=MARK></slot></template>d</div>',
  ),
]
