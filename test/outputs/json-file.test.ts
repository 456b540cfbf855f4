import { describe, expect, it } from 'vitest'
import { azure } from '../../src/outputs/azure.ts'
import { firebase } from '../../src/outputs/firebase.ts'
import { entryOf, replaceEntries } from '../../src/outputs/json-file/edit.ts'
import { JsonSyntaxError, memberOf, parseJson, stringAt } from '../../src/outputs/json-file/parse.ts'
import type { Delivered, Output } from '../../src/outputs/output.ts'
import { vercel } from '../../src/outputs/vercel.ts'
import { type DeliveryOptions, deliveryOf, policiesFor } from './policies.ts'

describe('JSON with places', () => {
  it('gives every value its place', () => {
    const text = '{ "a": [1, "two", {"b": null}], // why\n  "c": "\\u0064" }'
    const root = parseJson(text)
    const list = memberOf(root, 'a')!.value
    expect(list.kind === 'array' && list.items.map(({ start, end }) => text.slice(start, end))).toEqual([
      '1',
      '"two"',
      '{"b": null}',
    ])
    expect(stringAt(root, 'c')).toBe('d')
  })

  it.each([
    ['', 0],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a": tru}', 6],
    ['{} {}', 3],
    ['{"a": "b', 6],
  ])('names the place of the mistake in %j', (text, offset) => {
    let caught: unknown
    try {
      parseJson(text)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(JsonSyntaxError)
    expect((caught as JsonSyntaxError).offset).toBe(offset)
  })

  it.each([
    ['[]', [], '[\n  0\n]'],
    ['[1]', [], '[1,\n0]'],
    ['[\n\t1\n]', [], '[\n\t1,\n\t0\n]'],
    ['[1, 2, 3]', [1], '[1, 0, 3]'],
    ['[1, 2, 3]', [0, 2], '[0, 2]'],
    ['[1, 2, 3]', [0, 1, 2], '[0]'],
    ['[\r\n  1\r\n]', [], '[\r\n  1,\r\n  0\r\n]'],
  ])('edits %j in place of %j', (text, own, edited) => {
    const list = parseJson(text)
    expect(list.kind === 'array' && replaceEntries(text, list, own, [entryOf(text, 0)])).toBe(edited)
  })

  it.each([
    ['[1, 2, 3]', [0], '[2, 3]'],
    ['[1, 2, 3]', [1], '[1, 3]'],
    ['[1, 2, 3]', [2], '[1, 2]'],
    ['[1]', [0], '[]'],
    ['[1, 2]', [], '[1, 2]'],
  ])('takes entries out of %j', (text, own, edited) => {
    const list = parseJson(text)
    expect(list.kind === 'array' && replaceEntries(text, list, own, [])).toBe(edited)
  })
})

interface JsonHost {
  readonly output: Output
  readonly root: 'siteFiles' | 'projectFiles'
  readonly file: string
  /** The user's own file, as it may be written. */
  readonly texts: Readonly<Record<string, string>>
  /** A file with a policy of the user's own, and the line of it. */
  readonly conflicts: readonly (readonly [text: string, line: number])[]
  /** A policy of the user's own that no page gets. */
  readonly apart: string
  /** Headers for all paths in a finished file. */
  headers(config: never): { key: string; value: string }[]
}

const rule = (source: string, key = 'X-Mine'): string =>
  `{ "source": "${source}", "headers": [{ "key": "${key}", "value": "1" }] }`

const HOSTS: Readonly<Record<string, JsonHost>> = {
  vercel: {
    output: vercel,
    root: 'projectFiles',
    file: 'vercel.json',
    texts: {
      'an empty object': '{}',
      'other settings': '{\n    "cleanUrls": true, "redirects": [ ]\n}\n',
      'an empty list': '{ "headers": [] }\n',
      rules: `{\r\n\t"headers": [\r\n\t\t${rule('/(.*)')},\r\n\t\t${rule('/feed')}\r\n\t],\r\n\t"trailingSlash":false}`,
      'a byte order mark': `\uFEFF{"headers":[${rule('/feed')}]}`,
    },
    conflicts: [
      [`{ "headers": [\n${rule('/(.*)', 'content-security-POLICY')}] }`, 2],
      [`{ "headers": [\n${rule('/feed')},\n\n${rule('/about', 'Content-Security-Policy')}] }`, 4],
      [`{ "headers": [${rule('/:path', 'Content-Security-Policy')}] }`, 1],
    ],
    apart: `{ "headers": [${rule('/uploads/(.*)', 'Content-Security-Policy')}] }`,
    headers: ({ headers }: { headers: { source: string; headers: { key: string; value: string }[] }[] }) =>
      headers.filter(({ source }) => source === '/(.*)').flatMap((one) => one.headers),
  },
  firebase: {
    output: firebase,
    root: 'projectFiles',
    file: 'firebase.json',
    texts: {
      'a site': '{\n  "hosting": {\n    "public": "dist"\n  }\n}\n',
      'a list of one site': '{"hosting": [{"public": "dist", "headers": []}], "functions": {}}',
      rules: `{ "hosting": { "headers": [ ${rule('**')}, ${rule('/feed')} ], "public": "dist" } }\n`,
      comments: `{ // what is deployed\n  "hosting": { "public": "dist", /* none yet */ "headers": [ // here\n ] }\n}`,
    },
    conflicts: [
      [`{ "hosting": { "headers": [\n${rule('**', 'Content-Security-Policy')}] } }`, 2],
      [`{ "hosting": { "headers": [\n\n${rule('/@(about|feed)', 'content-security-policy')}] } }`, 3],
    ],
    apart: `{ "hosting": { "headers": [${rule('/uploads/**', 'Content-Security-Policy')}] } }`,
    headers: ({
      hosting,
    }: {
      hosting: { headers: { source: string; headers: { key: string; value: string }[] }[] }
    }) =>
      [hosting]
        .flat()[0]!
        .headers.filter(({ source }) => source === '**')
        .flatMap((one) => one.headers),
  },
  azure: {
    output: azure,
    root: 'siteFiles',
    file: 'staticwebapp.config.json',
    texts: {
      'an empty object': '{}',
      'other settings': '{\n  "navigationFallback": { "rewrite": "/index.html" }\n}\n',
      'an empty object of headers': '{ "globalHeaders": { } }',
      headers: '{\r\n\t"globalHeaders": {\r\n\t\t"X-Mine": "1"\r\n\t},\r\n\t"routes": []\r\n}',
    },
    conflicts: [
      ['{\n "globalHeaders": { "content-security-policy": "x" } }', 2],
      ['{ "routes": [\n{ "route": "/about", "headers": { "Content-Security-Policy": "x" } }] }', 2],
    ],
    apart: '{ "routes": [{ "route": "/uploads/*", "headers": { "Content-Security-Policy": "x" } }] }',
    headers: ({ globalHeaders }: { globalHeaders: Record<string, string> }) =>
      Object.entries(globalHeaders).map(([key, value]) => ({ key, value })),
  },
}

const pagesOf = (build: number): DeliveryOptions['pages'] => [
  { path: 'index.html', policies: policiesFor([`one ${build}`]) },
  { path: 'about.html', policies: policiesFor([`two ${build}`]) },
]

describe.each(Object.entries(HOSTS))('%s', (_, { output, root, file, texts, conflicts, apart, headers }) => {
  const deliver = (text: string, build = 0, options: DeliveryOptions = {}): Delivered =>
    output.deliver(
      deliveryOf({ outputs: [output.name], pages: pagesOf(build)!, [root]: { [file]: text }, ...options }),
    )
  const written = ({ files = [] }: Delivered): string => {
    expect(files.map((one) => [one.root, one.path])).toEqual([
      [root === 'siteFiles' ? 'site' : 'project', file],
    ])
    return files[0]!.content
  }
  it.each(Object.entries(texts))('keeps what the user wrote, after a hundred rebuilds: %s', (_name, text) => {
    const first = deliver(text)
    expect(first.findings).toEqual([])
    let last = written(first)
    for (let build = 1; build <= 100; build++) {
      const delivered = deliver(last, build)
      expect(delivered.findings).toEqual([])
      last = written(delivered)
    }
    expect(last).toBe(written(deliver(text, 100)))
    // Nothing was taken away: what is left without the inserted characters is the user's text.
    let kept = 0
    for (const character of last) if (character === text[kept]) kept++
    expect(kept).toBe(text.length)
  })

  it('changes nothing in its own result', () => {
    const text = written(deliver(Object.values(texts)[0]!))
    const [again] = deliver(text).files ?? []
    expect(again?.content ?? text).toBe(text)
  })

  it.each(conflicts)('names a policy of the user: %j', (text, line) => {
    expect(deliver(text).findings).toMatchObject([
      { code: 'header-conflict', severity: 'error', location: { file, line } },
    ])
  })

  it("leaves a policy of the user's alone that no page gets", () => {
    expect(deliver(apart).findings).toEqual([])
  })

  it('names the place of a mistake in the file, and writes nothing', () => {
    const { files, findings } = deliver('{\n  "a": }')
    expect(findings).toMatchObject([{ code: 'host-file-unusable', location: { file, line: 2, column: 8 } }])
    expect(files ?? []).toEqual([])
  })

  it('takes out its policy when there is none to write any more', () => {
    const quiet = pagesOf(0)!.map((page) => ({
      ...page,
      policies: page.policies.map((one) => ({
        ...one,
        directives: new Map([...one.directives].filter(([name]) => name !== 'frame-ancestors')),
      })),
    }))
    const text = written(deliver(Object.values(texts)[0]!))
    const after = written(deliver(text, 0, { layout: 'split', pages: quiet }))
    expect(headers(JSON.parse(after) as never)).toEqual([{ key: 'X-Content-Type-Options', value: 'nosniff' }])
    expect(deliver(after, 0, { layout: 'split', pages: quiet }).files?.[0]?.content ?? after).toBe(after)
  })
})

describe('vercel', () => {
  const options = { pages: pagesOf(0)!, outputs: ['vercel'], projectFiles: { 'vercel.json': '{}' } }

  it('keeps hashes out of a file that is read before the build', () => {
    const { metas, files } = vercel.deliver(deliveryOf({ ...options, layout: 'auto' }))
    expect(metas?.size).toBe(2)
    expect(files?.[0]?.content).not.toContain('sha384')
    expect(files?.[0]?.content).toContain('frame-ancestors')
  })

  it('refuses to build on Vercel when the file there is of another build', () => {
    const late = vercel.deliver(deliveryOf({ ...options, environment: { VERCEL: '1' } }))
    expect(late.findings).toMatchObject([{ code: 'host-file-late', severity: 'error' }])
    const [file] = late.files ?? []
    // A file of an earlier version, without nosniff, is right for this build.
    const plain = pagesOf(0)!.map((page) => ({ ...page, policies: page.policies.slice(1) }))
    const harmless = { ...options, pages: plain, layout: 'split' as const, environment: { VERCEL: '1' } }
    expect(vercel.deliver(deliveryOf(harmless)).findings).toEqual([])
    const projectFiles = { 'vercel.json': file!.content }
    expect(
      vercel.deliver(deliveryOf({ ...options, projectFiles, environment: { VERCEL: '1' } })).findings,
    ).toEqual([])
  })

  it('counts rules: 2,048, not 2,049', () => {
    const codes = (own: number): string[] => {
      const headers = Array.from({ length: own }, (_, index) => rule(`/r${index}`)).join()
      const projectFiles = { 'vercel.json': `{ "headers": [${headers}] }` }
      const { findings = [] } = vercel.deliver(deliveryOf({ ...options, projectFiles }))
      return findings.map(({ code }) => code)
    }
    expect(codes(2047)).toEqual([])
    expect(codes(2048)).toEqual(['header-rules-too-many'])
  })

  it('refuses a file with routes', () => {
    const projectFiles = { 'vercel.json': '{ "routes": [] }' }
    expect(vercel.deliver(deliveryOf({ ...options, projectFiles })).findings).toMatchObject([
      { code: 'host-file-unusable', location: { line: 1 } },
    ])
  })
})

describe('firebase', () => {
  it.each([[undefined], ['{}'], ['{ "hosting": [{ "target": "a" }, { "target": "b" }] }']])(
    'refuses %j',
    (text) => {
      const projectFiles = text === undefined ? {} : { 'firebase.json': text }
      const { findings } = firebase.deliver(
        deliveryOf({ pages: pagesOf(0)!, outputs: ['firebase'], projectFiles }),
      )
      expect(findings).toMatchObject([{ code: 'host-file-unusable', severity: 'error' }])
    },
  )
})

describe('azure', () => {
  const FILE = 'staticwebapp.config.json'
  const deliver = (text: string, layout: 'union' | 'per-page', build = 0): Delivered =>
    azure.deliver(
      deliveryOf({ pages: pagesOf(build)!, outputs: ['azure'], layout, siteFiles: { [FILE]: text } }),
    )
  const routesIn = (text: string): string[] =>
    (JSON.parse(text) as { routes: { route: string }[] }).routes.map(({ route }) => route)

  it('refuses a file over 20 KB', () => {
    const large = JSON.stringify({ mimeTypes: { '.x': 'x'.repeat(20_000) } })
    expect(deliver(large, 'union').findings).toMatchObject([{ code: 'host-file-too-large' }])
  })

  it("puts the routes of pages behind the user's own, which win", () => {
    const own = '{\n  "routes": [{ "route": "/about", "allowedRoles": ["reader"] }]\n}\n'
    const first = deliver(own, 'per-page')
    expect(first.findings).toEqual([])
    const text = first.files![0]!.content
    expect(routesIn(text)).toEqual(['/about', '/', '/index.html', '/about', '/about/', '/about.html'])
    const rebuilt = deliver(text, 'per-page', 1).files![0]!.content
    expect(rebuilt).not.toBe(text)
    expect(deliver(rebuilt, 'per-page', 0).files![0]!.content).toBe(text)
    expect(deliver(rebuilt, 'union', 0).files![0]!.content).toBe(deliver(own, 'union').files![0]!.content)
  })

  it('begins a list of routes where there is none', () => {
    const text = deliver('{}', 'per-page').files![0]!.content
    expect(routesIn(text)).toHaveLength(5)
  })
})
