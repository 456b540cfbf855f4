import { expect, it } from 'vitest'
import { importsComputed } from '../../../src/core/graph/inline-imports.ts'
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
