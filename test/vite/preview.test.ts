import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as build8, type InlineConfig, type Logger, preview as preview8 } from 'vite'
import { build as build6, preview as preview6 } from 'vite-6'
import { build as build7, preview as preview7 } from 'vite-7'
import { describe, expect, it } from 'vitest'
import { cspHashes, type Options } from '../../src/index.ts'
import { hashOf } from '../outputs/policies.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'

const MAJORS = {
  'Vite 8': { build: build8, preview: preview8 },
  // Each major has types of its own for the same configuration.
  'Vite 7': { build: build7, preview: preview7 } as unknown as {
    build: typeof build8
    preview: typeof preview8
  },
  'Vite 6': { build: build6, preview: preview6 } as unknown as {
    build: typeof build8
    preview: typeof preview8
  },
}

const html = (title: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title><script>globalThis.page = ${JSON.stringify(title)}</script><script type="module" src="/main.js"></script></head><body></body></html>`

interface Previewed {
  readonly root: string
  get(path: string): Promise<Response>
}

async function previewed(
  { build, preview }: (typeof MAJORS)['Vite 8'],
  options: Options,
  {
    appType = 'spa',
    base = '/',
    host = 'localhost',
    customLogger,
  }: { appType?: 'spa' | 'mpa'; base?: string; host?: string; customLogger?: Logger } = {},
  files: Record<string, string> = {},
  use: (site: Previewed) => Promise<void>,
): Promise<void> {
  const root = temporaryDirectory('preview')
  writeTree(root, {
    'index.html': html('home'),
    'about.html': html('about'),
    'main.js': 'globalThis.ran = true\n',
    ...files,
  })
  const config = {
    root,
    base,
    appType,
    configFile: false,
    ...(customLogger ? { customLogger } : { logLevel: 'silent' as const }),
    plugins: [cspHashes(options)],
  } satisfies InlineConfig
  await build({
    ...config,
    build: { rollupOptions: { input: [join(root, 'index.html'), join(root, 'about.html')] } },
  })
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
  const address = server.httpServer.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    await use({ root, get: (path) => fetch(`http://${host}:${port}${path}`) })
  } finally {
    await server.close()
  }
}

const policyOf = (response: Response): string | null => response.headers.get('content-security-policy')

const writtenPolicy = (root: string): string =>
  /^ {2}Content-Security-Policy: (.*)$/m.exec(readFileSync(join(root, 'dist/_headers'), 'utf8'))![1]!

const scriptIn = (root: string): string =>
  Object.keys(readTree(join(root, 'dist'))).find((path) => path.endsWith('.js'))!

describe.each(Object.entries(MAJORS))('%s preview', (_, vite) => {
  it('answers every path with the policy of the written _headers, the fallback too', async () => {
    await previewed(
      vite,
      { output: 'netlify' },
      {},
      { 'public/_headers': '/*\n  X-Own: yes\n' },
      async ({ root, get }) => {
        const policy = writtenPolicy(root)
        expect(policy).toContain("'strict-dynamic'")
        for (const path of [
          '/',
          '/index.html',
          '/about',
          '/about.html',
          '/no/such/route',
          `/${scriptIn(root)}`,
        ]) {
          const response = await get(path)
          expect([path, response.status, policyOf(response)]).toEqual([path, 200, policy])
          expect(response.headers.get('x-own')).toBe('yes')
        }
      },
    )
  })

  it('answers what is not there with 404 and the policy', async () => {
    await previewed(vite, { output: 'cloudflare' }, { appType: 'mpa' }, {}, async ({ root, get }) => {
      const response = await get('/no/such/page')
      expect([response.status, policyOf(response)]).toEqual([404, writtenPolicy(root)])
    })
  })

  it('leaves bodies alone, and pages whose policy is in a meta', async () => {
    await previewed(vite, { output: 'meta' }, {}, {}, async ({ root, get }) => {
      const response = await get('/')
      expect(policyOf(response)).toBeNull()
      expect(await response.text()).toBe(readFileSync(join(root, 'dist/index.html'), 'utf8'))
    })
  })
})

describe.each(Object.entries(MAJORS))('%s preview, at an address on plain http', (_, vite) => {
  it('names the host in the header, and says so once', async () => {
    const { logger: customLogger, lines } = collectingLogger()
    const at = { host: '127.0.0.1', customLogger }
    await previewed(vite, { output: 'netlify' }, at, {}, async ({ root, get }) => {
      const response = await get('/')
      const { origin } = new URL(response.url)
      const named = writtenPolicy(root).replace(' *:*/assets/', ` *:*/assets/ ${origin}/assets/`)
      expect(policyOf(response)).toBe(named)
      expect(policyOf(await get('/no/such/route'))).toBe(named)
      expect(await response.text()).toBe(readFileSync(join(root, 'dist/index.html'), 'utf8'))
      expect(lines.filter((line) => line.includes(`adds ${origin} to the policy`))).toHaveLength(1)
    })
  })

  it('names the host in the page, the fallback too', async () => {
    await previewed(vite, {}, { host: '127.0.0.1' }, {}, async ({ root, get }) => {
      const written = readFileSync(join(root, 'dist/index.html'), 'utf8')
      for (const path of ['/', '/no/such/route']) {
        const response = await get(path)
        const { origin } = new URL(response.url)
        const text = await response.text()
        expect(text).toContain(`*:*/assets/ ${origin}/assets/ localhost`)
        expect(text.replace(` ${origin}/assets/`, '')).toBe(written)
        expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text))
      }
      const script = await get(`/${scriptIn(root)}`)
      expect(await script.text()).toBe(readFileSync(join(root, 'dist', scriptIn(root)), 'utf8'))
    })
  })
})

describe('previews of other hosts', () => {
  it.each([
    'vercel',
    'firebase',
    'azure',
    'nginx',
    'apache',
    'caddy',
    'cloudfront',
    'amplify',
    'iis',
    'static-web-server',
  ] as const)('%s, under a base', async (output) => {
    await previewed(
      MAJORS['Vite 8'],
      { output, layout: 'union' },
      { base: '/sub/' },
      { 'firebase.json': '{ "hosting": {} }\n' },
      async ({ get }) => {
        const [home, about] = await Promise.all([get('/sub/'), get('/sub/about.html')])
        expect(policyOf(home)).toContain("'strict-dynamic'")
        expect(policyOf(about)).toBe(policyOf(home))
        expect(home.headers.get('x-content-type-options')).toBe('nosniff')
      },
    )
  })

  it.each([
    ['nginx', '/'],
    ['nginx', '/sub/'],
    ['apache', '/sub/'],
    ['caddy', '/sub/'],
  ] as const)('%s: a rule of a single page is for that page alone, under %s', async (output, base) => {
    await previewed(MAJORS['Vite 8'], { output, layout: 'per-page' }, { base }, {}, async ({ root, get }) => {
      const [home, about, alias, script] = await Promise.all(
        ['', 'about.html', 'about', scriptIn(root)].map((path) => get(base + path)),
      )
      const [homeHash, aboutHash] = ['home', 'about'].map((page) => hashOf(`globalThis.page = "${page}"`))
      expect(policyOf(home!)).toContain(homeHash)
      expect(policyOf(home!)).not.toContain(aboutHash)
      expect(policyOf(about!)).toContain(aboutHash)
      expect(policyOf(about!)).not.toContain(homeHash)
      expect(policyOf(alias!)).toBe(policyOf(about!))
      // What is no page gets the union.
      expect(policyOf(script!)).toContain(homeHash)
      expect(policyOf(script!)).toContain(aboutHash)
    })
  })
})

describe('a file in the root of the project', () => {
  it('is merged and written, and the log says what is left to do', async () => {
    const root = temporaryDirectory('project')
    writeTree(root, {
      'index.html': html('home'),
      'main.js': '',
      'vercel.json': '{\n  "cleanUrls": true\n}\n',
    })
    const { logger: customLogger, lines: told } = collectingLogger()
    const config = {
      root,
      configFile: false,
      customLogger,
      plugins: [cspHashes({ output: 'vercel', layout: 'union' })],
    } satisfies InlineConfig
    await build8(config)
    const once = readFileSync(join(root, 'vercel.json'), 'utf8')
    expect(JSON.parse(once)).toMatchObject({ cleanUrls: true, headers: [{ source: '/(.*)' }] })
    expect(told.join('\n')).toContain('vercel.json before it builds')
    await build8({ ...config, plugins: [cspHashes({ output: 'vercel', layout: 'union' })] })
    expect(readFileSync(join(root, 'vercel.json'), 'utf8')).toBe(once)
  })

  it('gives the host away, so the log names its output once', async () => {
    const root = temporaryDirectory('host')
    writeTree(root, { 'index.html': html('home'), 'main.js': '', 'netlify.toml': '[build]\n' })
    const { logger: customLogger, lines: told } = collectingLogger()
    await build8({ root, configFile: false, customLogger, plugins: [cspHashes()] })
    expect(told.join('\n').match(/\[host-recognised\]/g)).toHaveLength(1)
  })
})
