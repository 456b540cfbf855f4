import { describe, expect, it } from 'vitest'
import { OUTPUTS } from '../../src/outputs/index.ts'
import { deliveryOf, policiesFor } from './policies.ts'

const HEADER = /x-content-type-options/gi
const PAGES = [{ path: 'index.html', policies: policiesFor(['one']) }]
const rule = (source: string, key = 'X-Content-Type-Options'): string =>
  `{ "source": "${source}", "headers": [{ "key": "${key}", "value": "nosniff" }] }`

const webConfig = (headers: string): string =>
  `<configuration><system.webServer><httpProtocol><customHeaders>${headers}</customHeaders></httpProtocol></system.webServer></configuration>`

type Name = keyof typeof OUTPUTS

/** The text that an output makes of a file of the user's, and how often it names the header. */
function written(name: Name, file: string, text: string, layout: 'union' | 'split' = 'union'): string {
  const own = { [file]: text }
  const delivery = { pages: PAGES, outputs: [name], layout, siteFiles: own, projectFiles: own }
  const { files = [], findings = [] } = OUTPUTS[name].deliver(deliveryOf(delivery))
  expect(findings).toEqual([])
  return files.find(({ path }) => path === file)?.content ?? text
}

const count = (text: string): number => [...text.matchAll(HEADER)].length

/** Files of users who send the header with every path, and of others. */
const CASES: Readonly<
  Partial<Record<Name, { file: string; theirs: readonly string[]; others: readonly string[] }>>
> = {
  netlify: {
    file: '_headers',
    theirs: ['/*\n  x-content-type-options: nosniff\n', '/*\n  ! X-Content-Type-Options\n'],
    others: ['', '/files/*\n  X-Content-Type-Options: nosniff\n'],
  },
  // Of two blocks for one path the first is not read.
  cloudflare: {
    file: '_headers',
    theirs: ['/*\n  X: 1\n/*\n  X-Content-Type-Options: nosniff\n'],
    others: ['/*\n  X-Content-Type-Options: nosniff\n/*\n  X: 1\n'],
  },
  vercel: {
    file: 'vercel.json',
    theirs: [
      `{ "headers": [${rule('/(.*)')}] }`,
      `{ "headers": [${rule('/:path*', 'x-content-type-OPTIONS')}] }`,
    ],
    others: ['{}', `{ "headers": [${rule('/(.*)\\\\.js')}] }`],
  },
  firebase: {
    file: 'firebase.json',
    theirs: [
      `{ "hosting": { "headers": [${rule('**')}] } }`,
      `{ "hosting": { "headers": [${rule('/**')}] } }`,
    ],
    others: ['{ "hosting": {} }', `{ "hosting": { "headers": [${rule('**/*.js')}] } }`],
  },
  azure: {
    file: 'staticwebapp.config.json',
    theirs: ['{ "globalHeaders": { "X-CONTENT-TYPE-OPTIONS": "nosniff" } }'],
    others: ['{}', '{ "routes": [{ "route": "/x", "headers": { "X-Content-Type-Options": "nosniff" } }] }'],
  },
  amplify: {
    file: 'customHttp.yml',
    theirs: [
      "customHeaders:\n- pattern: '**'\n  headers:\n  - key: X-Content-Type-Options\n    value: nosniff\n",
    ],
    others: [
      '',
      "customHeaders:\n- pattern: '*.js'\n  headers:\n  - key: X-Content-Type-Options\n    value: nosniff\n",
    ],
  },
  iis: {
    file: 'web.config',
    theirs: [webConfig('<add name="X-Content-Type-Options" value="nosniff" />')],
    others: [
      webConfig(''),
      `<configuration><location path="x">${webConfig('<add name="X-Content-Type-Options" value="nosniff" />').replaceAll(/<\/?configuration>/g, '')}</location></configuration>`,
    ],
  },
  'static-web-server': {
    file: 'sws.toml',
    theirs: [
      '[[advanced.headers]]\nsource = "**"\n[advanced.headers.headers]\nX-Content-Type-Options = "nosniff"\n',
    ],
    others: [
      '',
      '[[advanced.headers]]\nsource = "*.js"\n[advanced.headers.headers]\nX-Content-Type-Options = "nosniff"\n',
    ],
  },
  apache: {
    file: '.htaccess',
    theirs: [
      'Header set X-Content-Type-Options nosniff\n',
      '<IfModule mod_headers.c>\nHeader always set X-Content-Type-Options "nosniff"\n</IfModule>\n',
    ],
    others: [
      '',
      '<FilesMatch "\\.js$">\nHeader set X-Content-Type-Options nosniff\n</FilesMatch>\n',
      'Header set X-Content-Type-Options nosniff env=x\n',
    ],
  },
}

describe.each(Object.entries(CASES))('X-Content-Type-Options and %s', (name, { file, theirs, others }) => {
  it.each(theirs)("is left to the user's own: %j", (text) => {
    const once = written(name as Name, file, text)
    expect(once).toContain('Content-Security-Policy')
    expect(count(once)).toBe(count(text))
  })

  it.each(others)('is sent where the user does not send it with every path: %j', (text) => {
    // On IIS a header is removed before it is added.
    expect(count(written(name as Name, file, text))).toBe(count(text) + (name === 'iis' ? 2 : 1))
  })

  it.each([...theirs, ...others])('stays what it is in a second run: %j', (text) => {
    for (const layout of ['union', 'split'] as const) {
      const once = written(name as Name, file, text, layout)
      expect(written(name as Name, file, once, layout)).toBe(once)
    }
  })
})

it.each(Object.values(OUTPUTS).filter(({ name }) => !['meta', 'github-pages'].includes(name)))(
  '$name sends it',
  (output) => {
    const { files = [] } = output.deliver(
      deliveryOf({
        pages: PAGES,
        outputs: [output.name],
        projectFiles: { 'firebase.json': '{"hosting":{}}' },
      }),
    )
    expect(files.map(({ content }) => content).join('')).toMatch(/X-Content-Type-Options|ContentTypeOptions/)
  },
)

it.each(Object.values(OUTPUTS).filter(({ name }) => !['meta', 'github-pages', 'json'].includes(name)))(
  '$name writes nothing for a site without pages',
  (output) => {
    expect(output.deliver(deliveryOf({ outputs: [output.name] })).files ?? []).toEqual([])
  },
)
