import { expect, it } from 'vitest'
import { computedSpecifiers, importsComputed } from '../../../src/core/graph/computed-imports.ts'
import { sealImports } from '../../../src/core/graph/import-map-text.ts'

it.each([
  ['import(url)', true],
  ['import (base + "/a.js")', true],
  ['import(`/a/${name}.js`)', true],
  ['import("/a/" + name)', true],
  ['import("/a.js")', false],
  ["import('./a.js', { with: {} })", false],
  ['import(`/a.js`)', false],
  ['import "/a.js"', false],
  ['import.meta.url', false],
  ['System.import(url)', false],
  ['reimport(url)', false],
  ['System. import(url)', false],
])('%s computes what it imports: %s', (code, computed) => {
  expect(importsComputed(code)).toBe(computed)
})

it('lets nothing be resolved below the directories of scripts but they and styles', () => {
  const scripts = ['/assets/a.js', '/assets/deep/b.js', '/root.js']
  expect(sealImports(scripts, ['/assets/a.css', '/styles/c.css'])).toEqual([
    ['/assets/', 'about:invalid/'],
    ['/assets/a.js', '/assets/a.js'],
    ['/assets/deep/b.js', '/assets/deep/b.js'],
    ['/assets/a.css', '/assets/a.css'],
  ])
})

const known = (text: string) => ({ head: text, tail: text, whole: true })

it.each([
  ["const p = '/pagefind/'; import(`${p}pagefind.js`)", [known('/pagefind/pagefind.js')]],
  ['const a="./a.js",b="./b.js";import(c?a:b)', [known('./a.js'), known('./b.js')]],
  ['const base = "/v/"\nconst u = base + "x.js"\nimport(/* @vite-ignore */ u)', [known('/v/x.js')]],
  ['class A{constructor(o){this.b=o.b??"/p/"}go(){return import(`${this.b}x.js`)}}', [known('/p/x.js')]],
  ['var t=new URL("./w.js",import.meta.url).href;import(t)', [known('./w.js')]],
  ['import(`./l/${x}.js`)', [{ head: './l/', tail: '.js', whole: false }]],
  ['import(o.base+"/pagefind.js")', [{ head: '', tail: '/pagefind.js', whole: false }]],
  ['import(x)', [{ head: '', tail: '', whole: false }]],
  ['import(x,{with:{type:"json"}})', [{ head: '', tail: '', whole: false }]],
  ['import("./a.js")', []],
  ['"import(x)"', []],
])('what %s may import', (code, expected) => {
  expect(computedSpecifiers(code)).toEqual(expected)
})
