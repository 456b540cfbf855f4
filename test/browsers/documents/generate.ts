import { pick, type Random, randomOf } from './random.ts'

const ATTRIBUTES = [
  '',
  '',
  '',
  ' type=module',
  ' type="text/javascript"',
  ' TYPE=Text/JavaScript',
  ' type=""',
  ' type=" "',
  ' type=" module "',
  ' language=javascript',
  ' language=vbscript',
  ' type=text/plain',
  ' type=application/json',
  ' nomodule',
  ' type=module nomodule',
  ' async',
  ' defer',
  ' for=window event=onload',
  ' for=window event="onload()"',
  ' for=document event=onclick',
  ' event=onload',
  ' for=window',
  ' nonce=a',
  ' type=module async',
  ' / ',
  ' a=1 a=2',
]

const TEXTS = [
  'void 0',
  'a < b && c > d',
  '1 &amp; 2 &lt; 3',
  '"</scrip"+"t>"',
  '<!-- x\n void 1\n-->',
  '<!--<script>x</scr',
  '"<!--"',
  '\r\nvoid 2\r',
  '<![CDATA[void 3]]>',
  '/*\u00e9\u2028*/',
  '//]]>',
  '/*\0*/',
]

/** `#` stands for a name of its own, given by the caller. */
const SOURCES = [' src=/x/#.js', ' src="/x/#.js?a&amp;b"', " SRC='/x/#.js#f'", ' src=" /x/#.js "']
const LINKS = [' href=/x/#.js', ' xlink:href=/x/#.js', ' src=/x/#.js']

function script(random: Random, foreign: boolean): string {
  const shape = random()
  const attributes = pick(random, ATTRIBUTES)
  if (shape < 0.15) return `<script${attributes}${pick(random, foreign ? LINKS : SOURCES)}></script>`
  if (shape < 0.2 && foreign) return `<script${attributes}${pick(random, LINKS)} />`
  const name = pick(random, ['script', 'script', 'SCRIPT', 'ScRiPt'])
  const end = pick(random, ['</script>', '</script>', '</script >', '</SCRIPT/>', '</script foo=1>'])
  return `<${name}${attributes}>${pick(random, TEXTS)}${end}`
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

type Make = (random: Random, inner: string) => string

const wrap =
  (...tags: readonly string[]): Make =>
  (random, inner) => {
    const tag = pick(random, tags)
    // End tags that are forgotten, doubled or crossed are what tree builders differ about.
    const end = pick(random, [`</${tag}>`, `</${tag}>`, `</${tag}>`, '', `</${tag}></${tag}>`])
    return `<${tag}>${inner}${end}`
  }

const HTML: readonly Make[] = [
  wrap('div', 'p', 'span', 'b', 'i', 'a', 'nobr', 'font', 'center', 'pre', 'listing', 'marquee', 'object'),
  wrap('h1', 'h2', 'li', 'dd', 'dt', 'ul', 'dl', 'button', 'form', 'address', 'details', 'dialog', 'ruby'),
  wrap('table', 'tbody', 'tr', 'td', 'th', 'caption', 'colgroup', 'thead'),
  wrap('select', 'option', 'optgroup', 'datalist', 'fieldset', 'legend', 'video', 'audio', 'picture'),
  wrap('template'),
  (random, inner) =>
    `<div><template shadowrootmode=${pick(random, ['open', 'closed', 'x'])}>${inner}</template></div>`,
  (random, inner) =>
    `<${pick(random, ['p', 'body', 'table', 'br'])}><template shadowrootmode=open>${inner}</template>`,
  wrap('noscript', 'noframes', 'noembed', 'iframe', 'xmp', 'textarea', 'title', 'style'),
  (_, inner) => `<iframe srcdoc="${escaped(inner)}"></iframe>`,
  (_, inner) => `<table><tr><td><iframe srcdoc="${escaped(inner)}"></iframe>${inner}`,
  (_, inner) => `<table>${inner}<tr>${inner}</table>`,
  (_, inner) => `<!-- ${inner} -->`,
  (random, inner) => `<!--${pick(random, ['>', '->', '-', '--!', ''])}${inner}--!>`,
  (random, inner) => `<${pick(random, ['?php ', '!x ', '![CDATA[', '/ '])}${inner}>`,
  (_, inner) => `<input type=hidden>${inner}</br></p>`,
  (_, inner) => `</head>${inner}</body>${inner}`,
  (_, inner) => `<head>${inner}</head>`,
  (_, inner) => `<body class=a>${inner}`,
  (_, inner) => `<a>${inner}<a>${inner}</a><b><p></b>${inner}`,
  (_, inner) => `<svg><desc>${inner}</desc></svg>`,
  (_, inner) => `<div title="${escaped(inner)}">&lt;${inner}</div>`,
]

const FOREIGN: readonly Make[] = [
  (_, inner) => `<svg>${inner}</svg>`,
  (_, inner) => `<svg><g>${inner}`,
  (_, inner) => `<math>${inner}</math>`,
  (random, inner) => `<svg><${pick(random, ['foreignObject', 'desc', 'title'])}>${inner}</svg>`,
  (random, inner) => `<math><${pick(random, ['mi', 'mtext', 'ms', 'mo', 'mn'])}>${inner}</math>`,
  (random, inner) =>
    `<math><annotation-xml${pick(random, ['', ' encoding=text/html', ' encoding=x'])}>${inner}</math>`,
  (_, inner) => `<svg><![CDATA[ ${inner} ]]></svg>`,
  (_, inner) => `<svg><style>${inner}</style></svg>`,
  (_, inner) => `<math><mi><svg>${inner}</svg></mi>${inner}</math>`,
]

function content(random: Random, depth: number, foreign: boolean): string {
  const count = 1 + Math.floor(random() * 3)
  let text = ''
  for (let index = 0; index < count; index++) {
    const choice = random()
    if (depth === 0 || choice < 0.4) text += script(random, foreign)
    else if (choice < 0.5) text += pick(random, ['text', '&amp;', '\r\n', ' ', '\0', '<', '&#x80;', '\ufeff'])
    else if (choice < 0.7) text += pick(random, FOREIGN)(random, content(random, depth - 1, true))
    else text += pick(random, HTML)(random, content(random, depth - 1, foreign && random() < 0.5))
  }
  return text
}

const STARTS = [
  '<!doctype html>',
  '<!doctype html><html><head><meta charset=utf-8></head><body>',
  '<!doctype html><title>t</title>',
  '',
  '\ufeff<!DOCTYPE html>',
  '<!-- c --><!doctype html><html lang=a>',
  '<html><head>',
  'text<!doctype html>',
  '<!doctype html><head></head>',
  '<frameset><noframes>',
]

const ENDS = [
  '',
  '',
  '</body></html>',
  '</html>',
  '<plaintext>',
  '</body>',
  '<!--',
  '<script>',
  '<style>',
  '<template>',
]

/** One character is deleted, doubled, or another one is put before it. */
function damaged(random: Random, html: string): string {
  const at = Math.floor(random() * html.length)
  const [before, behind] = [html.slice(0, at), html.slice(at)]
  const kind = random()
  if (kind < 0.4) return before + behind.slice(1)
  return (
    before + (kind < 0.7 ? behind.slice(0, 1) : pick(random, ['<', '>', '"', '/', '&', '-', '\0'])) + behind
  )
}

/**
 * A document out of the odd corners of HTML's grammar: foreign content, templates, shadow roots, tables, select, frames,
 * comments, raw text, references, and scripts of every kind in all of it.
 */
export function generate(seed: number): string {
  const random = randomOf(seed)
  const tail = random() < 0.3 ? content(random, 1, false) : ''
  const html = pick(random, STARTS) + content(random, 3, false) + pick(random, ENDS) + tail
  return random() < 0.3 ? damaged(random, html) : html
}
