import { expect, it } from 'vitest'
import { siteBase } from '../../src/verify-site/site-base.ts'

const FILES = new Set(['assets/app.js', 'docs/assets/own.js', 'index.html', 'docs/index.html'])
const base = (html: string, page = 'index.html'): string =>
  siteBase(
    [page],
    () => html,
    (path) => FILES.has(path),
  )

it.each([
  ['/', '<script src="/assets/app.js"></script>'],
  ['/sub/', '<script src="/sub/assets/app.js?v=1"></script>'],
  ['/a/b/', '<link rel="stylesheet" href="/x.css"><script src="/a/b/assets/app.js"></script>'],
  ['./', '<script src="assets/app.js"></script>'],
  ['/', '<script src="https://cdn.example/assets/app.js"></script>'],
  ['/', '<p>nothing</p>'],
  ['/sub/', '<base href="/sub/"><script src="assets/app.js"></script>'],
  ['/', '<base href="https://cdn.example/"><script src="assets/app.js"></script>'],
  ['/sub/', '<script src="assets/app.js"></script><script src="/sub/assets/app.js"></script>'],
])('is %s for %s', (expected, html) => {
  expect(base(html)).toBe(expected)
})

it('resolves relative names from the folder of the page', () => {
  expect(base('<script src="../assets/app.js"></script>', 'docs/index.html')).toBe('./')
  expect(base('<script src="../assets/none.js"></script>', 'docs/index.html')).toBe('/')
})
