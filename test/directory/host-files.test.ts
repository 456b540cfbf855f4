import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { secureDirectory, verifyDirectory, type VerifyResult } from '../../src/index.ts'
import type { Options } from '../../src/options.ts'
import { run } from '../cli/run-main.ts'
import { page, temporarySite } from './temporary-site.ts'

type Host =
  | 'netlify'
  | 'vercel'
  | 'firebase'
  | 'azure'
  | 'apache'
  | 'nginx'
  | 'caddy'
  | 'cloudfront'
  | 'amplify'
  | 'iis'
  | 'static-web-server'

/** The file of each host, and how rules of one's own look in it. */
const HOSTS: Readonly<
  Record<Host, { file: string; root: 'site' | 'project'; layouts: readonly Options['layout'][] }>
> = {
  netlify: { file: '_headers', root: 'site', layouts: ['union', 'per-page', 'split'] },
  vercel: { file: 'vercel.json', root: 'project', layouts: ['union', 'per-page', 'split'] },
  firebase: { file: 'firebase.json', root: 'project', layouts: ['union', 'per-page', 'split'] },
  azure: { file: 'staticwebapp.config.json', root: 'site', layouts: ['union', 'split'] },
  apache: { file: '.htaccess', root: 'site', layouts: ['union', 'per-page', 'split'] },
  nginx: { file: 'csp-hashes.nginx.conf', root: 'site', layouts: ['union', 'per-page', 'split'] },
  caddy: { file: 'csp-hashes.caddy', root: 'site', layouts: ['union', 'per-page', 'split'] },
  cloudfront: {
    file: 'csp-hashes.cloudfront.json',
    root: 'project',
    layouts: ['union', 'per-page', 'split'],
  },
  amplify: { file: 'customHttp.yml', root: 'project', layouts: ['union', 'split'] },
  iis: { file: 'web.config', root: 'site', layouts: ['union', 'split'] },
  'static-web-server': { file: 'sws.toml', root: 'project', layouts: ['union', 'per-page', 'split'] },
}
const names = Object.keys(HOSTS) as Host[]

const SITE = {
  'index.html': page(
    '<title>x</title><script type="module" src="./assets/app-1a2b3c4d.js"></script>',
    '<script>start()</script>',
  ),
  'about.html': page('<title>y</title>', '<script>about()</script>'),
  'a b/café.html': page('<title>z</title>', '<script>coffee()</script>'),
  '404.html': page('<title>gone</title>', '<script>gone()</script>'),
  'assets/app-1a2b3c4d.js': 'export{}',
}

interface Built {
  readonly site: string
  readonly project: string
  readonly verify: () => Promise<VerifyResult>
  /** Changes a file of the host. */
  readonly change: (edit: (text: string) => string, file?: string) => void
}

async function built(
  host: Host,
  layout: Options['layout'],
  options: Options & { base?: string } = {},
): Promise<Built> {
  const site = temporarySite(SITE)
  const project = temporarySite({ 'firebase.json': '// by hand\n{ "hosting": { "public": "dist" } }\n' })
  const result = await secureDirectory(site, {
    preset: 'basic',
    output: host,
    layout: layout!,
    project,
    ...options,
  })
  expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  const { file: own, root } = HOSTS[host]
  return {
    site,
    project,
    verify: async () => verifyDirectory(site, { project, ...(options.base ? { base: options.base } : {}) }),
    change(edit, file = own) {
      const path = join(root === 'site' ? site : project, file)
      const before = readFileSync(path, 'utf8')
      const after = edit(before)
      expect(after).not.toBe(before)
      writeFileSync(path, after)
    },
  }
}

const spoiled = (text: string, hash: string): string => {
  const at = text.indexOf(hash)
  expect(at).toBeGreaterThan(0)
  const place = at + 20
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1)
}

const codes = ({ refusals }: VerifyResult): string[] => [...new Set(refusals.map(({ code }) => code))]
const cases = names.flatMap((host) => HOSTS[host].layouts.map((layout) => [host, layout] as const))
const hashIn = (text: string): string => /sha384-[\w+/]+/.exec(text)![0]
const fileOf = (host: Host, layout: Options['layout']): string =>
  host === 'nginx' && layout === 'per-page' ? 'csp-hashes.map.nginx.conf' : HOSTS[host].file

describe.each(cases)('verify reads what %s is told, layout %s', (host, layout) => {
  it('and finds nothing wrong with it', async () => {
    const { verify } = await built(host, layout)
    const result = await verify()
    expect(result.refusals).toEqual([])
    expect(result.hostFiles.filter(({ policy }) => policy)).toMatchObject([
      { file: HOSTS[host].file, policy: true, problems: [] },
    ])
    expect(result.ok).toBe(true)
  })

  it('and finds nothing wrong with it under a base', async () => {
    const { verify } = await built(host, layout, { base: '/sub/' })
    const { refusals, ok } = await verify()
    expect({ refusals, ok }).toEqual({ refusals: [], ok: true })
  })

  it('and finds a changed byte in each hash', async () => {
    if (layout === 'split') return expect(codes(await (await built(host, layout)).verify())).toEqual([])
    const { change, verify, site, project } = await built(host, layout)
    const file = fileOf(host, layout)
    const path = join(HOSTS[host].root === 'site' ? site : project, file)
    const good = readFileSync(path, 'utf8')
    const places = [...good.matchAll(/sha384-[\w+/]+/g)].map(({ index }) => index)
    expect(places.length).toBeGreaterThan(3)
    for (const place of places) {
      change(
        (text) => text.slice(0, place) + spoiled(text.slice(place - 1), hashIn(text.slice(place))).slice(1),
        file,
      )
      const result = await verify()
      expect([place, result.refusals.length > 0]).toEqual([place, true])
      writeFileSync(path, good)
    }
  })

  it('and finds a policy of another hand, which intersects', async () => {
    const { change, verify } = await built(host, layout)
    const strange = "script-src 'self'"
    // YAML doubles a quote inside of quotes.
    const add = (all: string, quote: string): string => `${all}, ${strange.replaceAll("'", quote)}`
    change((text) => text.replaceAll(/frame-ancestors ('{1,2})self\1/g, add), fileOf(host, layout))
    expect(codes(await verify())).toContain('inline-script-blocked')
  })
})

describe.each(names)('verify, and what %s is told', (host) => {
  it('finds that the rule is gone', async () => {
    const { change, verify, site, project } = await built(host, 'union')
    const bare: Record<Host, (text: string) => string> = {
      netlify: (text) => text.replace(/^ +Content-Security-Policy:.*\n/m, ''),
      vercel: (text) => JSON.stringify({ ...JSON.parse(text), headers: [] }),
      firebase: () => '{ "hosting": { "public": "dist" } }',
      azure: (text) => JSON.stringify({ ...JSON.parse(text), globalHeaders: {} }),
      apache: (text) => text.replace(/^Header.*\n/m, ''),
      nginx: (text) => text.replace(/^add_header.*\n/m, ''),
      caddy: (text) => text.replace(/^header.*\n/m, ''),
      cloudfront: () => '{ "Name": "x" }',
      amplify: (text) => text.replace(/^ *- key: 'Content.*\n.*\n/m, ''),
      iis: (text) => text.replace(/^ *<add name="Content.*\n/m, ''),
      'static-web-server': (text) => text.replace(/^Content-Security-Policy.*\n/m, ''),
    }
    change(bare[host])
    expect(codes(await verify())).toContain('policy-missing')
    expect((await run(['verify', site], { cwd: project })).out).toContain('sets no policy')
    rmSync(join(HOSTS[host].root === 'site' ? site : project, HOSTS[host].file))
    expect(codes(await verify())).toContain('policy-missing')
  })

  it('finds hashes of an older build', async () => {
    const { site, verify } = await built(host, 'union')
    const file = join(site, 'about.html')
    writeFileSync(file, readFileSync(file, 'utf8').replace('about()', 'about(2)'))
    expect(await verify()).toMatchObject({ ok: false })
    expect(codes(await verify())).toEqual(expect.arrayContaining(['inline-script-blocked', 'hash-unused']))
  })
})

it('verify reads a path in _headers that is indented, as both hosts do', async () => {
  const { change, verify } = await built('netlify', 'union')
  change((text) => text.replace(/^\/\*$/m, '  /*'))
  expect(await verify()).toMatchObject({ ok: true, refusals: [] })
})

/** Rules that decide for one name of a page alone. */
describe('verify asks for every name of a page', () => {
  const wrong = "script-src 'none'"
  it.each<[Host, (text: string) => string]>([
    ['netlify', (text) => `${text}/about\n  Content-Security-Policy: ${wrong}\n`],
    [
      'vercel',
      (text) =>
        withRule(text, { source: '/about', headers: [{ key: 'Content-Security-Policy', value: wrong }] }),
    ],
    [
      'firebase',
      (text) =>
        text
          .replace('"headers": [', `"headers": [{"source":"**","headers":[]},`)
          .replace(
            /\]\s*\}\s*,?\s*\}\s*,?\s*$/,
            `,{"source":"/about","headers":[{"key":"Content-Security-Policy","value":"${wrong}"}]}] } }`,
          ),
    ],
    [
      'azure',
      (text) =>
        JSON.stringify({
          ...JSON.parse(text),
          routes: [{ route: '/about', headers: { 'Content-Security-Policy': wrong } }],
        }),
    ],
  ])('%s', async (host, edit) => {
    const { change, verify } = await built(host, 'union')
    change(edit)
    const { refusals } = await verify()
    expect(refusals.map(({ location, code, path }) => [location.file, code, path])).toContainEqual([
      'about.html',
      'inline-script-blocked',
      '/about',
    ])
  })
})

function withRule(text: string, rule: object): string {
  const root = JSON.parse(text) as { headers: object[] }
  return JSON.stringify({ ...root, headers: [...root.headers, rule] })
}

describe('what verify cannot judge is told', () => {
  const policy = { key: 'Content-Security-Policy', value: "script-src 'self'" }
  const unjudged: [Host, string, (text: string) => string][] = [
    [
      'vercel',
      'a condition',
      (text) => withRule(text, { source: '/x', has: [{ type: 'host' }], headers: [policy] }),
    ],
    ['vercel', 'a pattern', (text) => withRule(text, { source: '/{x}?', headers: [policy] })],
    [
      'vercel',
      'a part of the path',
      (text) => withRule(text, { source: '/:a', headers: [{ ...policy, value: 'script-src :a' }] }),
    ],
    ['firebase', 'several sites', (text) => `{"hosting":[{},${/\{\s*"public"[^]*\]/.exec(text)![0]}}]}`],
    [
      'apache',
      'a condition',
      (text) => `${text}<If "%{HTTP_HOST} == 'a'">\nHeader always set Content-Security-Policy "x"\n</If>\n`,
    ],
    ['apache', 'an edit', (text) => `${text}Header always edit Content-Security-Policy a b\n`],
    ['nginx', 'a block', (text) => `${text}location /x { add_header Content-Security-Policy "x" always; }\n`],
    ['caddy', 'a matcher', (text) => `${text}header @x Content-Security-Policy "x"\n`],
    ['caddy', 'a placeholder', (text) => `${text}header Content-Security-Policy "{x}"\n`],
  ]
  it.each(unjudged)('%s: %s', async (host, _, edit) => {
    const { change, site, project } = await built(host, 'union')
    change(edit)
    const { out } = await run(['verify', site], { cwd: project })
    expect(out).toMatch(/warn: \S+:\d+ .*not judged/)
  })

  it.each<[Host, string, (text: string) => string]>([
    ['vercel', 'no JSON', (text) => text.slice(1)],
    ['vercel', 'headers beside routes', (text) => JSON.stringify({ ...JSON.parse(text), routes: [] })],
    ['firebase', 'no JSON', (text) => text.replace('{', '')],
    ['azure', 'no JSON', (text) => text.slice(1)],
    ['azure', 'too large', (text) => text + ' '.repeat(20 * 1024)],
    [
      'apache',
      'a line that is too long',
      (text) => text.replace(/^Header.*$/m, (line) => line.replace('"', `"${'x'.repeat(9000)} `)),
    ],
    [
      'nginx',
      'a value that is too long',
      (text) => text.replace(/^(\s*add_header [^"]*")/m, `$1${'x'.repeat(5000)} `),
    ],
    [
      'nginx',
      'a variable that nothing sets',
      (text) => `${text}add_header Content-Security-Policy $csp always;\n`,
    ],
  ])('%s would refuse it: %s', async (host, _, edit) => {
    const { change, verify, site, project } = await built(host, 'union')
    change(edit)
    expect((await verify()).ok).toBe(false)
    const { exit, out } = await run(['verify', site], { cwd: project })
    expect(exit).toBe(1)
    expect(out).toMatch(/^error: /m)
  })
})
