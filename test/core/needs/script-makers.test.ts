import { describe, expect, it } from 'vitest'
import { Evaluation } from '../../../src/core/csp/evaluate.ts'
import { trustKey } from '../../../src/core/csp/trust-key.ts'
import { scriptAddresses, scriptMaker } from '../../../src/core/needs/script-makers.ts'
import { SERVICES } from '../../../src/core/needs/services.ts'

/** What CSP Evaluator says of a policy that lets these scripts in. */
function objections(keys: readonly string[]): string[] {
  const reason = { kind: 'option', option: 'external' } as const
  const none = [{ expression: "'none'", reason }]
  const directives = new Map([
    ['script-src', keys.map((expression) => ({ expression, reason }))],
    ['object-src', none],
    ['base-uri', none],
  ])
  return new Evaluation()
    .objections([{ role: 'main', disposition: 'enforce', directives }])
    .map(({ message }) => message)
}

describe('what makes script elements', () => {
  it.each([
    'd.createElement("script")',
    'd.createElementNS(x,"script")',
    '(0,t.jsx)("script",{src:a})',
    '(function(w,d,s,l,i){var j=d.createElement(s)})(window,document,"script","dataLayer","x")',
    '$.getScript("//a.example/c.js")',
    'document.write("<script src=x>")',
  ])('%s', (code) => {
    expect(scriptMaker(code)).toBeGreaterThanOrEqual(0)
  })

  it.each(['d.querySelectorAll("script")', '["style","script"]', 'case"script":', 'e.closest("script")'])(
    'not %s',
    (code) => {
      expect(scriptMaker(code)).toBeUndefined()
    },
  )
})

describe('the addresses in a script', () => {
  it.each([
    ['load("https://a.example/gsi/client")', ['https://a.example/gsi/client']],
    [
      'const vs="https://c.example/npm/e@1/vs";load(`${vs}/loader.js`)',
      ['https://c.example/npm/e@1/vs/loader.js'],
    ],
    ['load("//js.example.com/v2.js?x=1")', ['https://js.example.com/v2.js']],
    ['const h=o.h??"www.c.example";load(`https://${h}/api.js?k=${k}`)', ['https://www.c.example/api.js']],
    ['j.src="https://g.example/gtm.js?id="+i', ['https://g.example/gtm.js']],
    ['load("/_vercel/insights/script.js")', ['/_vercel/insights/script.js']],
    ['load("/tinymce/tinymce.min.js")', ['/tinymce/tinymce.min.js']],
    [
      'fetch("https://api.example/x");a="/users";b="https://a.example/logo.png" // https://c.example/d.js',
      [],
    ],
  ])('%s', (code, urls) => {
    expect(scriptAddresses(code).map(({ url }) => url)).toEqual(urls)
  })
})

describe('what is advised', () => {
  it.each(SERVICES.map((service) => [service.name, service] as const))(
    'CSP Evaluator has no objection to what %s needs',
    (_, { external }) => {
      expect(objections(external.filter((key) => key.startsWith('https:')))).toEqual([])
    },
  )

  it.each([
    ['https://esm.sh/x', 'https://esm.sh'],
    ['https://cdn.jsdelivr.net/npm/x@1/x.js', 'https://cdn.jsdelivr.net/npm/x@1/'],
    ['https://cdn.jsdelivr.net/npm/@a/x@1/dist/x.js', 'https://cdn.jsdelivr.net/npm/@a/x@1/'],
    [
      'https://cdnjs.cloudflare.com/ajax/libs/x/1.2.3/x.js',
      'https://cdnjs.cloudflare.com/ajax/libs/x/1.2.3/',
    ],
    ['https://ajax.googleapis.com/ajax/libs/jquery/3.7.1/jquery.min.js', undefined],
    ['https://www.gstatic.com/charts/loader.js', undefined],
    ['https://maps.googleapis.com/maps/api/js', undefined],
    ['https://accounts.google.com/gsi/client', undefined],
    ['https://www.youtube.com/iframe_api', undefined],
  ])('nor to the key for %s', (url, expected) => {
    const key = trustKey(new URL(url))
    if (expected) expect(key).toBe(expected)
    expect(objections([key])).toEqual([])
    expect(url.startsWith(key)).toBe(true)
  })
})
