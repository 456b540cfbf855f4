import { describe, expect, it } from 'vitest'
import { fileBelowRoot, unreadByHost } from '../../src/outputs/recognise.ts'

describe('a host that does not read what an output writes', () => {
  it.each([
    [['netlify'], { VERCEL: '1' }, 'Vercel'],
    [['vercel'], { NETLIFY: 'true' }, 'Netlify'],
    [['netlify', 'vercel'], { VERCEL: '1' }, undefined],
    [['netlify', 'meta'], { VERCEL: '1' }, undefined],
    [['netlify'], { CF_PAGES: '1' }, undefined],
    [['nginx'], { VERCEL: '1' }, undefined],
    [['netlify'], {}, undefined],
  ])('%j with %j: %s', (outputs, environment, host) => {
    expect(unreadByHost(outputs, environment)?.name).toBe(host)
  })
})

describe('a header file below the root of the site', () => {
  it.each([
    [['netlify'], '/docs/', '/work/site/docs', '_headers'],
    [['azure'], '/a/b/', 'C:\\\\site\\\\a\\\\b'.replaceAll('\\\\', '\\'), 'staticwebapp.config.json'],
    [['netlify'], '/docs/', '/work/dist', undefined],
    [['netlify'], '/', '/work/dist', undefined],
    [['netlify', 'meta'], '/docs/', '/work/site/docs', undefined],
    [['vercel'], '/docs/', '/work/site/docs', undefined],
  ])('%j under %s in %s: %s', (outputs, base, directory, file) => {
    expect(fileBelowRoot(outputs, base, directory)).toBe(file)
  })
})
