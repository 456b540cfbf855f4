import { expect, it } from 'vitest'
import type { Delivered } from '../src/outputs/output.ts'
import { readBack } from '../src/read-back.ts'

const delivered = (content: string, findings: Delivered['findings'] = []): Delivered => ({
  files: [{ root: 'site', path: '_headers', content }],
  findings,
  place: '_headers',
  expected: {
    hosts: ['netlify', 'cloudflare'],
    headers: new Set(['content-security-policy']),
    answers: () => [{ path: '/about', headers: new Map([['content-security-policy', 'a']]) }],
  },
})

it('accepts a file that sends what is expected', () => {
  expect(() => readBack(delivered('/*\n  Content-Security-Policy: a\n'))).not.toThrow()
})

it.each([
  ['nothing', '/other\n  Content-Security-Policy: a\n', 'netlify'],
  ['another policy', '/*\n  Content-Security-Policy: b\n', 'netlify'],
  [
    'two policies on one of the hosts',
    '/*\n  Content-Security-Policy: a\n/about\n  Content-Security-Policy: a\n',
    'cloudflare',
  ],
])('refuses a file that sends %s', (_, content, host) => {
  expect(() => readBack(delivered(content))).toThrow(`${host} would send content-security-policy`)
})
