/**
 * Pieces of HTML that make the tree construction do something other than append: documents are made of them in
 * sequence, so that each meets each in many insertion modes.
 */
export const PIECES: readonly string[] = [
  '<!doctype html>',
  '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">',
  '<!-- before -->',
  '<!-->',
  '<!--->',
  '<!--a--!>',
  '<!-- <!--!> -- > -->',
  '<!bogus>',
  '<?php echo ">" ?>',
  '</>',
  '</ p>',
  '< p>',
  '<html>',
  '<html lang=en onload=one()>',
  '<html data-csp-hashes>',
  '<head>',
  '<head profile="x">',
  '</head>',
  '<body>',
  '<body onload="two()" class=a>',
  '</body>',
  '</html>',
  '<frameset onload="f()"><frame src=/f.html></frameset>',
  '<frameset>',
  '</frameset>',
  '<noframes><script>no()</script></noframes>',
  '<noscript><link rel=stylesheet href=/n.css></noscript>',
  '<noscript>',
  '</noscript>',
  '<title>a &amp; <script>b</script></title>',
  '<title>',
  '</title>',
  '<meta charset=utf-8>',
  '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
  `<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`,
  '<meta http-equiv="content-security-policy" content="a &quot;b&quot; &notin; c" data-csp-hashes>',
  '<meta charset="utf-8" data-csp-hashes />',
  '<base href=/base/ target=_top>',
  '<base target=_top>',
  '<link rel=modulepreload href=/m.js crossorigin>',
  '<LINK REL="PreLoad" AS="Script" HREF=/p.js>',
  '<link rel="icon" href="/i.ico"/>',
  '<script>one()</script>',
  '<script src=/a.js></script>',
  '<script type=module src="/b.js" integrity="sha384-x" data-a=b class=c></script>',
  '<script>"</scrip></script foo="a>b">',
  '<script><!-- <script> </script> --></script>',
  '<script><!-- x </script>',
  '<script><!--<script',
  '<SCRIPT>upper()</SCRIPT >',
  '<script>crlf\r\ncr\rlf\n</script\r\n>',
  '<script>never closed',
  '</script>',
  '<style>a{}</style>',
  '<style>a > b { content: "</styl" }</STYLE/>',
  '<style data-csp-hashes>',
  '</style>',
  '<textarea>\n<script>t()</script>&lt;</textarea>',
  '<textarea>',
  '</textarea>',
  '<xmp><script>x()</script></xmp>',
  '<iframe srcdoc="<script>inner()</script><p onclick=a()>" src=/frame></iframe>',
  '<iframe srcdoc="&lt;template&gt;&lt;style&gt;s&lt;/style&gt;&lt;/template&gt;<html onload=q><b onclick=r><p></b>">',
  '</iframe>',
  '<plaintext>',
  '<pre>\n',
  '<pre>\r\n\r\nx',
  '<listing>\r',
  '</pre>',
  '<p>',
  '</p>',
  '<p onclick="three()">',
  '<div style="color:red">',
  '</div>',
  '<b onclick=b()>',
  '<b>',
  '</b>',
  '<i style=s>',
  '</i>',
  '<a href="javascript:go()">',
  '<a href=" \tj&#97;vascript:go()" data-csp-hashes>',
  '<a href="?a=1&b=2&amp;c=3&copy=4">',
  '</a>',
  '<nobr onfocus=n>',
  '<font color=red size=1 onclick=f>',
  '</font>',
  '<table>',
  '<table onclick=t()>',
  '</table>',
  '<tbody>',
  '<tr>',
  '<tr onclick=r()>',
  '</tr>',
  '<td>',
  '<td onclick=c()>',
  '<th>',
  '</td>',
  '<caption>',
  '<colgroup>',
  '<col style=c>',
  '<input type=hidden onchange=i>',
  '<input type="text" formaction="javascript:1" data-x>',
  '<form action=/go>',
  '<form>',
  '</form>',
  '<select onchange=s()>',
  '<option>',
  '<optgroup>',
  '</select>',
  '<button formaction=/b>',
  '</button>',
  '<template>',
  '<template shadowrootmode=open>',
  '<template shadowrootmode="CLOSED" onclick=t>',
  '</template>',
  '<svg>',
  '<svg onload="svg()">',
  '</svg>',
  '<svg><script>a &lt; b <![CDATA[ & </script> ]]></script>',
  '<svg><script href=/s.js />',
  '<svg><script xlink:href="/x.js"/></svg>',
  '<svg><style>s{}&amp;</style><title><p onclick=k>',
  '<svg><foreignObject><div onclick=o>',
  '</foreignObject>',
  '</FOREIGNOBJECT >',
  '<![CDATA[ <script>cdata()</script> ]]>',
  '<image href=/i.png xlink:href=/j.png>',
  '<feImage href=/k.png>',
  '<desc>',
  '<math>',
  '<mi>',
  '<annotation-xml encoding="text/html">',
  '<annotation-xml>',
  '<mglyph onclick=m>',
  '<style>m</style>',
  '</math>',
  '<img src=/a.png srcset="/b.png 2x, /c.png" alt="x > y" onerror=e()>',
  '<img src="/&eacute;.png" title="&">',
  '<video poster=/p.png src=/v.mp4>',
  '<object data="/o">',
  '<applet>',
  '<marquee>',
  '<li onclick=l>',
  '<dd>',
  '<h1>',
  '</h2>',
  '<br/>',
  '</br>',
  '<hr nonce=abc>',
  '<ruby><rt onclick=u>',
  '<custom-element onclick=c data-on=x aria-label=y id=z>',
  '<p a=1 a=2 onclick=first onclick=second ONCLICK=third>',
  "<p title='a>b' id=x/ onclick = 'q' / style>",
  '<p "quoted"=1 =odd <b onclick=v>',
  '<p é=1 onclick=w>',
  '<p/onclick=slash()/>',
  '<span>x</span>',
  '<span class=c> </span>',
  '<SPAN ID=a>&#32;</SPAN>',
  '<span></span>',
  '<span onclick=s>x</span>',
  '<span data-csp-hashes>x</span>',
  '<span/>x</span>',
  '<span>x</span >',
  '<span>x</spam>',
  '<b>x</b>',
  '<b class=c></b>',
  '<nobr>x</nobr>',
  '<a href=/x class=c>x</a>',
  '<a href="">x</a>',
  '<a href=j:x>x</a>',
  '<a href="&#106;avascript:x">x</a>',
  '<font size=1>x</font>',
  '<code>x</code><b><b><b>',
  'text',
  ' ',
  '\n',
  '\r\n',
  '\f',
  ' text ',
  '&nbsp;',
  '&#32;',
  '&Tab;',
  '&NewLine;x',
  '&notanentity; &',
  'a < b',
  '\u0000',
  '\u0000x\u0000',
  '\uFEFF',
  '\u{1F600}\uD800',
  'İK<p onclick=k title=K>',
]

/** Documents as a whole: ends of input in every state, and what a page is spoilt with. */
const WHOLE: readonly string[] = [
  '',
  ' ',
  '\n<',
  '<!',
  '<!-',
  '<!--',
  '<!-- x --',
  '<!doctype',
  '<a',
  '<a ',
  '<a b',
  '<a b=',
  '<a b="',
  '<a b="c"',
  "<p onclick='x'",
  '</',
  '</a',
  '</script',
  '<script',
  '<script>',
  '<script></scrip',
  '<script></script',
  '<script></script ',
  '<style></styl',
  '<title>&am',
  '<p>&',
  '<p>&#',
  '<svg><![CDATA[',
  '<svg><script>]]',
  '<table><template><tr><div><script>first()</script></div><td><script>second()</script>',
  '<template><b><i onclick=i><p onclick=p></b><script>s()</script>',
  '<p><b onclick=b></p><pre>\n</pre><p>x',
  '<p><b onclick=b></p><pre>\r\n</pre><p>x',
  '<p onclick="a\r\nb\rc">',
  '<a href=" javascript:x">',
  '<a href="\u0001JavaScript:x">',
  '\uFEFF<!doctype html><script>bom()</script>',
  '\uFEFF\uFEFF<script>two()</script>',
  '\uFEFF<iframe srcdoc="\uFEFF<script>a()</script>"></iframe>',
  `<p>${'x'.repeat(70_000)}<script>late()</script>`,
  `${'<div>'.repeat(600)}<script>deep()</script>`,
  `${'<b onclick=x>'.repeat(20)}<p>${'</b>'.repeat(20)}<script>aa()</script>`,
  `x<p>${'<b onclick=x>'.repeat(3)}<b onclick=x>x</b></p><p>x`,
  `x<p>${'<b>'.repeat(3)}<b>x</b></p><p>x<i onclick=i>`,
  'x<p><a onclick=a></p><a href=/x>x</a><p>x',
  'x<p><a onclick=a><p><span>x</span>',
  'x<p><nobr onclick=n><nobr>x</nobr></p><p>x',
  'x<svg><desc><span>x</spam></desc><style>a &amp; b</style>',
  'x<svg><desc><span>x</spanx></desc><style>a &amp; b</style>',
  'x<svg><desc><span>x<!span></desc><style>a &amp; b</style>',
  'x<svg><desc><span>x</span></desc><style>a &amp; b</style>',
  '<p></p><span> </span><frameset onload=f>',
  '<p></p><span>x</span><frameset onload=f>',
  `${'<template>'.repeat(50)}<script>nested()</script>${'</template>'.repeat(50)}`,
  `<p ${Array.from({ length: 80 }, (_, i) => `a${i}=1`).join(' ')} a1=2 onclick=a>`,
  `<script>${'/*\r\n*/'.repeat(20_000)}</script><p onclick=x>`,
]

/** A pseudo-random sequence in [0, 1) that is the same on every run. */
export function randomSequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T

/** Every piece alone, in a few surroundings, and with its end cut off. */
export function* singleDocuments(): Generator<string> {
  yield* WHOLE
  for (const piece of PIECES) {
    yield piece
    yield piece.slice(0, -1)
    for (const around of [
      '<table>',
      '<svg>',
      '<template>',
      '<select>',
      '<b onclick=z><p>',
      '<frameset>',
      '<head>',
    ])
      yield `<!doctype html>${around}${piece}<script>end()</script><p onclick=x>`
  }
}

/** Every ordered pair of pieces inside a body, with a script behind them. */
export function* pairedDocuments(): Generator<string> {
  for (const first of PIECES)
    for (const second of PIECES) yield `<p>${first}${second}<script>end()</script></p><i onclick=x>`
}

export function* randomDocuments(count: number, seed: number): Generator<string> {
  const random = randomSequence(seed)
  for (let i = 0; i < count; i++) {
    const length = 2 + Math.floor(random() * 24)
    yield Array.from({ length }, () => pick(PIECES, random)).join('')
  }
}

/** Copies of a document with a few places cut, doubled, or overwritten by a piece or a telling character. */
export function* mutations(source: string, count: number, seed: number): Generator<string> {
  const random = randomSequence(seed)
  const characters = [...'<>/"\'=& \n\r\0!-']
  for (let i = 0; i < count; i++) {
    let text = source
    for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
      const at = Math.floor(random() * text.length)
      const end = Math.min(text.length, at + Math.floor(random() ** 4 * 400))
      const middle = pick(
        ['', text.slice(at, end).repeat(2), pick(PIECES, random), pick(characters, random)],
        random,
      )
      text = text.slice(0, at) + middle + text.slice(end)
    }
    yield text
  }
}
