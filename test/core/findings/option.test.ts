import { describe, expect, it } from 'vitest'
import { finding } from '../../../src/core/findings/index.ts'
import { option, readHint } from '../../../src/core/findings/option.ts'
import { resolveOptions } from '../../../src/options.ts'

describe('options in hints', () => {
  it.each([
    [{ fence: false }, 'fence: false'],
    [{ external: { 'https://cdn.example/a.js': true } }, "external: { 'https://cdn.example/a.js': true }"],
    [{ directives: { 'img-src': ["'self'", 'data:'] } }, `directives: { 'img-src': ["'self'", 'data:'] }`],
    [{ scripts: 'dynamic', fence: true }, "scripts: 'dynamic', fence: true"],
  ])('%j are written as in a configuration', (setting, text) => {
    expect(readHint(`Set ${option(setting)}, or ${option({ layout: 'split' })}.`)).toEqual({
      hint: `Set ${text}, or layout: 'split'.`,
      options: [setting, { layout: 'split' }],
    })
  })

  it('keep whatever a page may have put into a URL', () => {
    const url = 'https://a.example/\u0001{"x":1}\u0002\u0000$&'
    expect(readHint(option({ external: { [url]: true } })).options).toEqual([{ external: { [url]: true } }])
  })

  it('go along with the finding, also from a way out that is handed in', () => {
    const found = finding('header-rules-too-many', {
      host: 'X',
      count: 2,
      limit: 1,
      way: `Set ${option({ layout: 'split' })}.`,
    })
    expect(found.options).toEqual([{ layout: 'split' }])
    expect(() => resolveOptions(found.options?.[0])).not.toThrow()
    expect(finding('link-loop', { path: 'a' })).not.toHaveProperty('options')
  })
})
