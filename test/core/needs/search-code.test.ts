import { describe, expect, it } from 'vitest'
import { type CodeFeature, searchCode } from '../../../src/core/needs/search-code.ts'
import { searchStyle } from '../../../src/core/needs/search-style.ts'

const features = (code: string): CodeFeature[] => [...searchCode(code).features.keys()].toSorted()

describe('what a script uses', () => {
  it.each<[string, CodeFeature[]]>([
    ['WebAssembly.compileStreaming(r)', ['wasm']],
    ['new WebAssembly.Module(bytes)', ['wasm']],
    ['tag === "[object WebAssembly.Module]" || x instanceof WebAssembly.Instance', []],
    ['WebAssembly.validate(b)', []],
    ['new Worker(new URL("/assets/w.js",u))', ['worker']],
    ['new SharedWorker("/w.js")', ['worker']],
    ['navigator.serviceWorker.register("/sw.js")', ['worker']],
    ['let u=URL.createObjectURL(b);return new Worker(u)', ['blob-worker']],
    [
      'let u=URL.createObjectURL(b);return new Worker(u);new Worker(`/w.js`);new Worker(new URL("w.js",i))',
      ['blob-worker', 'worker'],
    ],
    ['import(URL.createObjectURL(new Blob([t],{type:"text/javascript"})))', ['module-blob', 'object-url']],
    [
      'const u=URL.createObjectURL(new Blob([t],{type:"text/javascript"}));import(/* @vite-ignore */ u)',
      ['module-blob', 'object-url'],
    ],
    ['importScripts(URL.createObjectURL(new Blob([t])))', ['object-url', 'script-blob']],
    [
      's=d.createElement("script");s.src=URL.createObjectURL(new Blob([t]))',
      ['object-url', 'script-blob', 'script-element'],
    ],
    ['i=d.createElement("img");i.src=URL.createObjectURL(f);import("./a.js")', ['object-url']],
    ['new SharedWorker("data:text/javascript;base64,AA")', ['data-worker']],
    ['img.src=URL.createObjectURL(file)', ['object-url']],
    ['fetch(u)', ['connect']],
    ['new XMLHttpRequest', ['connect']],
    ['new EventSource(u);navigator.sendBeacon(u)', ['connect']],
    ['new WebSocket(u)', ['connect']],
    ['h("iframe",p)', ['frame-element']],
    ['t=`<iframe src=x>`', ['frame-element']],
    ['case"iframe":case"form":', []],
    ['h(`form`)', ['form-element']],
    ['d.createElement("video")', ['media-element']],
    ["d.createElement('style')", ['style-element']],
    ['(0,r.jsx)("style",{children:c})', ['style-element']],
    ['e.getAttribute("style");e.attr(\'style\',1);this.emit("style")', []],
    ['"/assets/logo-B4d0Xy12.svg"', ['own-image']],
    ['`/img/${n}.png?v=1`', ['own-image']],
    ['a.png.b', []],
    ['"/f.woff2"', ['own-font']],
    ['"/clip.mp4"', ['own-media']],
    ['"assets/lazy-B4d0Xy12.css"', ['own-style']],
    ['addEventListener("DOMContentLoaded",f)', ['dom-content-loaded']],
    ['"DOMContentLoaded"', []],
    ['e.innerHTML=t', ['inner-html']],
    ['e.innerHTML+=t', ['inner-html']],
    ['e.innerHTML==t', []],
    ['e.outerHTML = t', ['outer-html']],
    ['e.insertAdjacentHTML("x",t)', ['insert-adjacent-html']],
    ['document.write(t)', ['document-write']],
    ['p.parseFromString(t)', ['parse-from-string']],
  ])('%s', (code, expected) => {
    expect(features(code)).toEqual(expected)
  })

  it('finds where each stands first', () => {
    expect(searchCode('a;fetch(b);fetch(c)').features.get('connect')).toBe(2)
  })

  it('collects URLs, data types, scripts and policies', () => {
    const traits = searchCode(
      'x="https://a.test/b?c=d";y=`wss://s.test/${n}`;z="data:image/svg+xml,%3csvg";new Worker(new URL("/assets/w-1.js",u));t.createPolicy("app",p)',
    )
    expect([...traits.urls.keys()]).toEqual(['https://a.test/b?c=d', 'wss://s.test/$'])
    expect([...traits.dataTypes.keys()]).toEqual(['image/svg+xml'])
    expect(traits.trustedTypes).toEqual(['app'])
  })
})

describe('a script under a policy for scripts alone', () => {
  it('is looked through for what such a policy decides about', () => {
    const code = 'new Worker(a);eval(b);fetch(c);d="e.png";load("https://f.example/g.js");h="data:image/png,"'
    const traits = searchCode(code, true)
    expect([...traits.features.keys()]).toEqual(['worker'])
    expect(traits.evals).toHaveLength(1)
    expect([...traits.urls.keys()]).toEqual(['https://f.example/g.js'])
    expect(traits.dataTypes.size).toBe(0)
  })

  it('takes no ending of a foreign URL for a file of the site', () => {
    expect(features('a="https://b.example/c.png",d="e.svg?f"')).toEqual(['own-image'])
    expect(features('a="https://b.example/c.png"')).toEqual([])
  })
})

describe('what a stylesheet loads', () => {
  it.each<[string, string[]]>([
    ['p{background:url(a.png)}', ['img-src a.png']],
    ['p{background:url( "a b.png" )}', ['img-src a b.png']],
    ["p{background:url('a.png')}", ['img-src a.png']],
    [
      '@font-face{font-family:x;src:url(x.woff2) format("woff2"),url(x.woff)}p{cursor:url(c.cur)}',
      ['font-src x.woff2', 'font-src x.woff', 'img-src c.cur'],
    ],
    ['@import "a.css";', ['style-src a.css']],
    ['@import url(https://a.test/a.css) screen;', ['style-src https://a.test/a.css']],
    ["@IMPORT URL('a.css');", ['style-src a.css']],
    ['@namespace svg url(http://www.w3.org/2000/svg);p{}', []],
    ['/* url(a.png) */p{}', []],
    ['p{fill:url(#g)}', []],
    ['p{background:image-set("a.png" 1x)}', ['img-src a.png']],
    ['p{background:url(data:image/png;base64,AAAA)}', ['img-src data:image/png;base64,AAAA']],
    ['p{background:url(a.png)}q{background:url(a.png)}', ['img-src a.png']],
    ['', []],
    ['@import', []],
    ['/* never closed url(a.png)', []],
  ])('%s', (css, expected) => {
    expect(searchStyle(css).map(({ directive, url }) => `${directive} ${url}`)).toEqual(expected)
  })

  it('keeps the type of a data: URL, not its bulk', () => {
    const [found] = searchStyle(`p{background:url(data:image/png;base64,${'A'.repeat(9999)})}`)
    expect(found?.url.length).toBeLessThan(99)
  })
})
