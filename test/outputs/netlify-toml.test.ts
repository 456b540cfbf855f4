import { describe, expect, it } from 'vitest'
import { cloudflare, netlify } from '../../src/outputs/headers-file/output.ts'
import { deliveryOf, policiesFor } from './policies.ts'

const findingsFor = (toml: string, output = netlify) =>
  output.deliver(
    deliveryOf({
      outputs: [output.name],
      pages: [{ path: 'about.html', policies: policiesFor(['one']) }],
      projectFiles: { 'netlify.toml': toml },
    }),
  ).findings

describe('a policy in netlify.toml', () => {
  it.each([
    [
      '[build]\ncommand = "x"\n\n[[headers]]\n  for = "/*"\n  [headers.values]\n    Content-Security-Policy = "x"\n',
      7,
    ],
    ["[[headers]]\nfor = \"/about\"\n[headers.values]\n\"content-security-policy\" = '''\nx'''\n", 4],
    ['[[headers]]\r\nfor = \'/ABOUT/\'\r\nvalues = { X-Mine = "1", Content-Security-Policy = "x" }\r\n', 3],
    [
      '[[ headers ]]\nfor = "/feed"\n[headers.values]\nX = "1"\n[[headers]]\nfor = "/*"\n[headers.values]\nContent-Security-Policy = "x"',
      8,
    ],
  ])('is named with its line: %j', (toml, line) => {
    expect(findingsFor(toml)).toMatchObject([
      { code: 'header-conflict', severity: 'error', location: { file: 'netlify.toml', line } },
    ])
  })

  it.each([
    '[[headers]]\nfor = "/uploads/*"\n[headers.values]\nContent-Security-Policy = "x"\n',
    '[[headers]]\nfor = "/*"\n[headers.values]\n# Content-Security-Policy = "x"\nX-Mine = "1"\n',
    '[context.production.environment]\nContent-Security-Policy = "x"\n',
    '[[headers]]\nfor = "/*"\n[headers.values]\nX-Mine = "1"\n[build.environment]\nContent-Security-Policy = "x"\n',
  ])('is passed over where no page gets it: %j', (toml) => {
    expect(findingsFor(toml)).toEqual([])
  })

  it('means nothing to Cloudflare', () => {
    const toml = '[[headers]]\nfor = "/*"\n[headers.values]\nContent-Security-Policy = "x"\n'
    expect(findingsFor(toml, cloudflare)).toEqual([])
  })
})
