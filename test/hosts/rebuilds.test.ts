import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { cspHashes } from '../../src/index.ts'
import { type Options, resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { hashOf } from '../outputs/policies.ts'
import { temporaryDirectory, writeTree } from '../support/files.ts'
import { memorySite } from '../support/memory-site.ts'
import { workersHost } from './cloudflare.ts'
import { netlifyHost } from './netlify.ts'

const BUILDS = 100

/** As people write them: 40 rules with comments, blank lines, tabs, a path twice, and no final line break. */
const OWN = [
  '# kept by hand',
  '/*',
  '  X-Frame-Options: DENY',
  '\tReferrer-Policy: no-referrer',
  '',
  '  # fonts do not change',
  ...Array.from({ length: 36 }, (_, index) => [
    `/files/${index}/*`,
    `  Cache-Control: public, max-age=${index + 1}`,
    ...(index % 5 === 0 ? ['', `# after ${index}`] : []),
  ]).flat(),
  '/about',
  '  X-About: yes  ',
  '/caf%C3%A9',
  '  Link: </style.css>; rel=preload; as=style',
  '/files/7/*',
  '  X-Again: 7',
].join('\n')

const scriptOf = (page: string, number: number): string => `globalThis.built = '${page} ${number}'`
const pageOf = (page: string, number: number): string =>
  `<!doctype html><html><head><title>${page}</title><script>${scriptOf(page, number)}</script></head></html>`

const PAGES = ['index.html', 'about.html', 'café.html']

/** The `_headers` after a build over what the one before has left. */
function rebuilt(headers: string, number: number, options: Options): string {
  const pages = Object.fromEntries(PAGES.map((page) => [page, pageOf(page, number)]))
  const { files, findings } = secureSite(memorySite({ ...pages, _headers: headers }), resolveOptions(options))
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  return files.find(({ path }) => path === '_headers')!.content
}

const hashesIn = (text: string): Set<string> => new Set(text.match(/'sha384-[^']+'/g))
const hashesOf = (number: number): Set<string> => new Set(PAGES.map((page) => hashOf(scriptOf(page, number))))

/** What is outside of the markers. A region behind a last line without a line break has given it one. */
function userPart(text: string, own: string): string {
  const rest = text.replace(/^[ \t]*# csp-hashes:begin\r?$[^]*?# csp-hashes:end(?:\r?\n|$(?![^]))/gm, '')
  return own.endsWith('\n') ? rest : rest.replace(/\n$/, '')
}

it('the file has 40 rules', () => {
  expect(OWN.match(/^\//gm)).toHaveLength(40)
})

describe.each([
  [netlifyHost, 'union'],
  [netlifyHost, 'per-page'],
  [workersHost, 'union'],
  [workersHost, 'per-page'],
] as const)("a user's file of 40 rules, $0.name, layout %$1", (host, layout) => {
  it.each([
    ['LF', OWN],
    ['CRLF and a byte order mark', `\uFEFF${OWN.replaceAll('\n', '\r\n')}\r\n`],
  ])('survives a hundred rebuilds, and the host reads it: %s', async (_, own) => {
    const options: Options = { output: host.output, layout }
    let text = own
    for (let number = 0; number < BUILDS; number++) {
      text = rebuilt(text, number, options)
      expect([number, userPart(text, own), hashesIn(text)]).toEqual([number, own, hashesOf(number)])
    }
    const project = temporaryDirectory('rebuilds')
    const site = join(project, 'dist')
    writeTree(site, {
      ...Object.fromEntries(PAGES.map((page) => [page, pageOf(page, BUILDS - 1)])),
      'files/7/a.txt': 'a',
      _headers: text,
    })
    const running = await host.start({ site, project })
    try {
      for (const [path, name, value] of [
        ['/about', 'x-about', 'yes'],
        ['/about', 'x-frame-options', 'DENY'],
        ['/about', 'referrer-policy', 'no-referrer'],
        ['/caf%C3%A9', 'link', '</style.css>; rel=preload; as=style'],
        ['/files/7/a.txt', 'x-again', '7'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
        const [answer] = await running.get(path)
        expect([path, answer?.headers.get(name)]).toEqual([path, value])
      }
      const [about] = await running.get('/about')
      const policy = about!.headers.get('content-security-policy')!
      const expected =
        layout === 'union' ? hashesOf(BUILDS - 1) : new Set([hashOf(scriptOf('about.html', BUILDS - 1))])
      expect(hashesIn(policy)).toEqual(expected)
    } finally {
      await running.stop()
    }
  })
})

describe.each([netlifyHost, workersHost])("a user's file of 40 rules in the public folder, $name", (host) => {
  it('survives a hundred builds of Vite, each over what the one before has left', async () => {
    const root = temporaryDirectory('rebuilds-vite')
    writeTree(root, { 'public/_headers': OWN })
    for (let number = 0; number < BUILDS; number++) {
      writeTree(root, { 'index.html': pageOf('index.html', number) })
      // oxlint-disable-next-line no-await-in-loop -- one build over the other
      await build({
        root,
        configFile: false,
        logLevel: 'silent',
        plugins: [cspHashes({ output: host.output })],
      })
      const text = readFileSync(join(root, 'dist/_headers'), 'utf8')
      const hashes = new Set([hashOf(scriptOf('index.html', number))])
      expect([number, userPart(text, OWN), hashesIn(text)]).toEqual([number, OWN, hashes])
      // As if the user had copied the result.
      writeTree(root, { 'public/_headers': text })
    }
  })
})
