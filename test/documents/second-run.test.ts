import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Options } from '../../src/index.ts'
import { FILES, secured } from './secured.ts'

const MODULE = '<script type=module src=/x.js></script>'
const sri = (algorithm: string, text: string) =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`
const X = FILES['x.js'] ?? ''
const loader: Options = { scripts: 'loader' }

describe('a second run changes no byte, and the oracle refuses nothing', () => {
  it.each<[string, string, Options]>([
    ['an inline script directly at the start of the head', `<head><script>1</script>${MODULE}`, {}],
    ['one in a page without a head', `<script>1</script>${MODULE}`, {}],
    [
      'an import map that moves before other scripts',
      `<head><script>1</script>${MODULE}<script type=importmap>{}</script>`,
      {},
    ],
    ['a governed element before the charset', `<head><base target=_top><meta charset=utf-8>${MODULE}`, {}],
    [
      'many of them',
      `<head>${'<link rel=stylesheet href=/a.css>'.repeat(6)}<meta charset=utf-8>${MODULE}`,
      {},
    ],
    ['the loader, for an async script', '<head></head><script async src=/x.js></script>', loader],
    [
      'the loader, for a deferred script and a module',
      `<head></head><script defer src=/x.js></script>${MODULE}`,
      loader,
    ],
    ['the loader, for a preload', `<head><link rel=modulepreload href=/y.js>${MODULE}`, loader],
    [
      'the loader, with Trusted Types',
      `<head></head>${MODULE}<script async src=/y.js></script>`,
      { ...loader, trustedTypes: true },
    ],
    ['dynamic', `<head><script>1</script>${MODULE}`, { scripts: 'dynamic' }],
  ])('%s', (_, html, options) => {
    const { html: result, again, refusals } = secured(`<!doctype html>\n${html}`, options)
    expect(again).toBe(result)
    expect(refusals).toEqual([])
  })
})

describe('the loader carries the integrity that a tag brings', () => {
  it.each([
    ['of its own algorithm', sri('sha384', X)],
    ['of another one', sri('sha256', X)],
    ['of two', `${sri('sha384', X)} ${sri('sha512', X)}`],
  ])('%s', (_, integrity) => {
    const tag = `<script type=module src=/x.js crossorigin integrity="${integrity}"></script>`
    const { html, refusals, again } = secured(`<!doctype html><head></head>${tag}`, loader)
    expect(html).toContain(`<link integrity="${integrity}" rel="modulepreload"`)
    for (const one of integrity.split(' ')) expect(html).toContain(`'${one}'`)
    expect(refusals).toEqual([])
    expect(again).toBe(html)
  })
})
