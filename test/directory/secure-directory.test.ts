import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { secureDirectory, verifyDirectory } from '../../src/index.ts'
import { type OutputName, OUTPUTS } from '../../src/outputs/index.ts'
import { readTree, writeTree } from '../support/files.ts'
import { page, pinnedByMap, read, temporarySite } from './temporary-site.ts'

const codes = (result: { readonly findings: readonly { readonly code: string }[] }): string[] =>
  result.findings.map(({ code }) => code)

/** Hosts that are known to send one policy for all paths alone. */
const ONE_POLICY: ReadonlySet<OutputName> = new Set(['amplify', 'iis'])

const entry = '<script type="module" src="/assets/app-1a2b3c4d.js"></script>'

describe('the graph of chunks, read from the built scripts', () => {
  it('pins static, dynamic and preloaded files, and none that no import reaches', async () => {
    const site = temporarySite({
      'index.html': page(entry),
      'assets/app-1a2b3c4d.js':
        'import "./dep-1a2b3c4d.js"; const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/lazy-1a2b3c4d.js","assets/lazy-1a2b3c4d.css"])))=>i.map(i=>d[i]); p(()=>import("./lazy-1a2b3c4d.js"),__vite__mapDeps([0,1])); new Worker(new URL("/assets/work-1a2b3c4d.js",""+import.meta.url))',
      'assets/dep-1a2b3c4d.js': 'export{a}from"./deep-1a2b3c4d.js"',
      'assets/deep-1a2b3c4d.js': 'export const a=1',
      'assets/lazy-1a2b3c4d.js': 'export const b=2',
      'assets/lazy-1a2b3c4d.css': 'b{}',
      'assets/work-1a2b3c4d.js': 'import "./deep-1a2b3c4d.js"',
      'assets/alone-1a2b3c4d.js': '1',
    })
    await secureDirectory(site)
    expect(pinnedByMap(read(site, 'index.html'))).toEqual([
      '/assets/app-1a2b3c4d.js',
      '/assets/deep-1a2b3c4d.js',
      '/assets/dep-1a2b3c4d.js',
      '/assets/lazy-1a2b3c4d.js',
      '/assets/lazy-1a2b3c4d.css',
    ])
  })

  it("resolves bare names by the page's own import map", async () => {
    const map = '<script type="importmap">{"imports":{"#entry":"/assets/app-1a2b3c4d.js"}}</script>'
    const site = temporarySite({
      'index.html': page(`${map}<script type="module" src="/assets/start-1a2b3c4d.js"></script>`),
      'other.html': page('<script type="module" src="/assets/start-1a2b3c4d.js"></script>'),
      'assets/start-1a2b3c4d.js': 'import "#entry"',
      'assets/app-1a2b3c4d.js': 'import "./dep-1a2b3c4d.js"',
      'assets/dep-1a2b3c4d.js': '1',
    })
    await secureDirectory(site)
    expect(pinnedByMap(read(site, 'index.html'))).toContain('/assets/dep-1a2b3c4d.js')
    expect(pinnedByMap(read(site, 'other.html'))).toEqual(['/assets/start-1a2b3c4d.js'])
  })

  it('pins every script of the directory for one that cannot be read', async () => {
    const site = temporarySite({
      'index.html': page(entry),
      'assets/app-1a2b3c4d.js': 'import "./dep-1a2b3c4d.js"; let syntax = (',
      'assets/dep-1a2b3c4d.js': '1',
      'assets/perhaps-1a2b3c4d.js': '1',
      'elsewhere/no-1a2b3c4d.js': '1',
    })
    const result = await secureDirectory(site)
    const unparsable = result.findings.find(({ code }) => code === 'script-unparsable')
    expect(unparsable?.location).toMatchObject({ file: 'assets/app-1a2b3c4d.js', line: 1 })
    expect(result.written).toBe(true)
    expect(pinnedByMap(read(site, 'index.html'))).toEqual([
      '/assets/app-1a2b3c4d.js',
      '/assets/dep-1a2b3c4d.js',
      '/assets/perhaps-1a2b3c4d.js',
    ])
  })

  it('does the same for an import whose file is made in the browser', async () => {
    const site = temporarySite({
      'index.html': page(entry),
      'assets/app-1a2b3c4d.js': 'export const load=n=>import(`./${n}.js`)',
      'assets/guide-1a2b3c4d.js': '1',
    })
    await secureDirectory(site)
    expect(pinnedByMap(read(site, 'index.html'))).toContain('/assets/guide-1a2b3c4d.js')
  })

  it('does the same for an inline script, which may take the name from anywhere', async () => {
    const files = { 'islands/boat-1a2b3c4d.js': '1', 'app-1a2b3c4d.js': '1' }
    const island = '<x-island url="/islands/boat-1a2b3c4d.js"></x-island>'
    const pins = async (script: string): Promise<string[]> => {
      const site = temporarySite({ ...files, 'index.html': page(`<script>${script}</script>`, island) })
      await secureDirectory(site)
      return pinnedByMap(read(site, 'index.html'))
    }
    expect(await pins('import(at.getAttribute("url"))')).toEqual([
      '/app-1a2b3c4d.js',
      '/islands/boat-1a2b3c4d.js',
    ])
    expect(await pins('import("/app-1a2b3c4d.js")')).toEqual(['/app-1a2b3c4d.js'])
  })

  it('lets nothing else in for it: a query makes another URL, which no integrity covers', async () => {
    const files = {
      'islands/boat-1a2b3c4d.js': '1',
      'islands/deep/sail-1a2b3c4d.js': '1',
      'app-1a2b3c4d.js': '1',
    }
    const site = temporarySite({ ...files, 'index.html': page('<script>import(url)</script>') })
    await secureDirectory(site, { base: '/' })
    const map = /<script type="importmap"[^>]*>(.*?)<\/script>/s.exec(read(site, 'index.html'))?.[1] ?? ''
    expect((JSON.parse(map) as { imports: object }).imports).toEqual({
      '/islands/': 'about:invalid/',
      '/islands/boat-1a2b3c4d.js': '/islands/boat-1a2b3c4d.js',
      '/islands/deep/sail-1a2b3c4d.js': '/islands/deep/sail-1a2b3c4d.js',
    })
    expect((await verifyDirectory(site)).refusals).toEqual([])
    expect((await secureDirectory(site)).changed).toEqual([])
  })

  it('pins for an inline script what the page names, where there are too many scripts', async () => {
    const many = Array.from({ length: 513 }, (_, index) => [`assets/x${index}-1a2b3c4d.js`, '1'] as const)
    const island = '<x-island url="/assets/x7-1a2b3c4d.js"></x-island>'
    const site = temporarySite({
      ...Object.fromEntries(many),
      'index.html': page('<script>import(`/assets/${name}.js`)</script>', island),
    })
    expect(codes(await secureDirectory(site))).toContain('import-unpinned')
    expect(pinnedByMap(read(site, 'index.html'))).toEqual(['/assets/x7-1a2b3c4d.js'])
  })

  it('tells an import that no file answers', async () => {
    const site = temporarySite({ 'index.html': page(entry), 'assets/app-1a2b3c4d.js': 'import "./gone.js"' })
    expect(codes(await secureDirectory(site))).toContain('import-missing')
  })
})

describe('the base', () => {
  it.each([
    ['/', '/assets/app-1a2b3c4d.js', 'index.html'],
    ['/sub/dir/', '/sub/dir/assets/app-1a2b3c4d.js', 'index.html'],
    ['./', './assets/app-1a2b3c4d.js', 'index.html'],
    ['./', '../assets/app-1a2b3c4d.js', 'deep/index.html'],
  ])('is taken to be %s where a page names %s', async (base, src, path) => {
    const site = temporarySite({
      [path]: page(`<script type="module" src="${src}"></script>`),
      'assets/app-1a2b3c4d.js': 'import "./dep-1a2b3c4d.js"',
      'assets/dep-1a2b3c4d.js': '1',
    })
    const result = await secureDirectory(site)
    expect(result.base).toBe(base)
    expect(result.written).toBe(true)
    expect(pinnedByMap(read(site, path))).toHaveLength(2)
  })

  it('is where a <base> points to, and the root as soon as one page names it', async () => {
    const site = temporarySite({
      'a.html': page('<script src="./run.js"></script>'),
      'b.html': page('<base href="/sub/"><script src="run.js"></script>'),
      'run.js': '1',
    })
    expect((await secureDirectory(site, { dryRun: true })).base).toBe('/sub/')
  })

  it('may be given, against what the pages suggest', async () => {
    const site = temporarySite({ 'index.html': page(entry), 'assets/app-1a2b3c4d.js': '1' })
    expect(codes(await secureDirectory(site, { base: '/other/' }))).toContain('url-outside')
  })
})

describe('what is written', () => {
  const files = {
    'index.html': page(entry, '<script>start()</script>'),
    'about/index.html': page('<title>x</title>'),
    'assets/app-1a2b3c4d.js': 'export{}',
  }

  it('changes nothing the second time, not even the time of a file', async () => {
    const site = temporarySite(files)
    const first = await secureDirectory(site)
    expect(first.changed).toEqual(['about/index.html', 'index.html'])
    const before = statSync(join(site, 'index.html'), { bigint: true })
    const tree = readTree(site)
    const second = await secureDirectory(site)
    const after = statSync(join(site, 'index.html'), { bigint: true })
    expect(second).toMatchObject({ changed: [], written: true })
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs])
    expect(readTree(site)).toEqual(tree)
  })

  it.each(
    (['union', 'split', 'per-page', 'auto'] as const).flatMap((layout) =>
      (Object.keys(OUTPUTS) as OutputName[])
        .filter((name) => layout !== 'per-page' || !ONE_POLICY.has(name))
        .map((name) => [name, layout] as const),
    ),
  )('is the same the second time with the output %s beside meta, layout %s', async (name, layout) => {
    const site = temporarySite({ ...files, 'firebase.json': '{ "hosting": {} }' })
    const options = { project: site, output: ['meta', name], layout } as const
    expect((await secureDirectory(site, options)).written).toBe(true)
    const tree = readTree(site)
    expect((await secureDirectory(site, options)).changed).toEqual([])
    expect(readTree(site)).toEqual(tree)
  })

  it.each([...ONE_POLICY])('is nothing where %s is to send a policy for each page', async (name) => {
    const site = temporarySite(files)
    const tree = readTree(site)
    const result = await secureDirectory(site, { project: site, output: name, layout: 'per-page' })
    expect(result.written).toBe(false)
    expect(codes(result)).toContain('host-file-unusable')
    expect(readTree(site)).toEqual(tree)
  })

  it('keeps the mode of a page', async () => {
    const site = temporarySite(files)
    chmodSync(join(site, 'index.html'), 0o640)
    await secureDirectory(site)
    expect(statSync(join(site, 'index.html')).mode & 0o777).toBe(0o640)
  })

  it('leaves no other file behind', async () => {
    const site = temporarySite(files)
    await secureDirectory(site)
    expect(Object.keys(readTree(site)).toSorted()).toEqual(Object.keys(files).toSorted())
  })

  it('tells of each page as data that can be printed, spread and sent', async () => {
    const site = temporarySite({ 'index.html': page('<script>one()</script>') })
    const { pages } = await secureDirectory(site)
    const [told] = pages
    const summary = { inlineScripts: 1, pinnedFiles: 0, policyLength: expect.any(Number), importMapLength: 0 }
    expect(inspect(told)).not.toContain('Int32Array')
    expect({ ...told }).toEqual({ path: 'index.html', changed: true, summary })
    const policies = [{ role: 'main' }, { role: 'fence' }]
    expect(told).toMatchObject({ policies })
    expect(JSON.parse(JSON.stringify(pages))).toMatchObject([{ path: 'index.html', changed: true, policies }])
  })

  it('writes nothing when it is tried out, and says what it would', async () => {
    const site = temporarySite(files)
    const tree = readTree(site)
    const told: string[] = []
    const result = await secureDirectory(site, { dryRun: true, onChange: ({ path }) => told.push(path) })
    expect(readTree(site)).toEqual(tree)
    expect(result).toMatchObject({ written: false, changed: ['about/index.html', 'index.html'] })
    expect(told).toEqual(['about/index.html', 'index.html'])
  })

  it('writes none of the pages if one of them has an error', async () => {
    const site = temporarySite({ ...files, 'zz.html': page('<script src="/gone.js"></script>') })
    const tree = readTree(site)
    const result = await secureDirectory(site)
    expect(codes(result)).toContain('file-missing')
    expect(result.written).toBe(false)
    expect(readTree(site)).toEqual(tree)
  })

  it('puts a whole copy elsewhere and leaves the site alone', async () => {
    const site = temporarySite({ ...files, 'logo.svg': '<svg/>', _headers: '/*\n  X-Own: 1\n' })
    const tree = readTree(site)
    const out = join(temporarySite({}), 'copy')
    await secureDirectory(site, { out })
    expect(readTree(site)).toEqual(tree)
    expect(Object.keys(readTree(out))).toEqual(Object.keys(tree))
    expect(read(out, 'logo.svg')).toBe('<svg/>')
    expect(read(out, 'index.html')).toContain('Content-Security-Policy')
    expect((await secureDirectory(site, { out })).changed).toEqual([])
  })

  it('refuses a copy inside the site, and a site inside its copy', async () => {
    const site = temporarySite(files)
    await expect(secureDirectory(site, { out: join(site, 'out') })).rejects.toMatchObject({
      code: 'out-overlaps',
    })
    await expect(secureDirectory(site, { out: join(site, '..') })).rejects.toMatchObject({
      code: 'out-overlaps',
    })
  })
})

describe('compressed copies of a page', () => {
  const html = page('<title>x</title>', '<script>a()</script>')

  it('are renewed with it', async () => {
    const site = temporarySite({
      'index.html': html,
      'index.html.gz': gzipSync(html),
      'index.html.br': brotliCompressSync(html),
    })
    await secureDirectory(site)
    const tree = readTree(site)
    const secured = tree['index.html']?.toString()
    expect(secured).toContain('Content-Security-Policy')
    expect(gunzipSync(tree['index.html.gz'] ?? '').toString()).toBe(secured)
    expect(brotliDecompressSync(tree['index.html.br'] ?? '').toString()).toBe(secured)
    expect((await secureDirectory(site)).changed).toEqual([])
  })

  it.each([
    ['index.html.gz', gzipSync('older')],
    ['index.html.br', Buffer.from('no brotli')],
    ['index.html.zst', Buffer.from('?')],
  ])('stop the run where %s holds something else', async (path, bytes) => {
    const site = temporarySite({ 'index.html': html, [path]: bytes })
    const result = await secureDirectory(site)
    expect(codes(result)).toContain('compressed-stale')
    expect(read(site, 'index.html')).toBe(html)
  })

  it('leaves a .zst alone that this version of Node.js cannot read, and one beside an empty file', async () => {
    const zst = Buffer.from('?')
    const site = temporarySite({
      'index.html': '<!doctype html>',
      'index.html.zst': zst,
      'empty.html': '',
      'empty.html.zst': zst,
    })
    const result = await secureDirectory(site)
    expect(read(site, 'index.html.zst')).toBe('?')
    expect(read(site, 'empty.html.zst')).toBe('?')
    expect(result.changed).not.toContain('index.html.zst')
    expect(codes(result)).toContain('compressed-stale')
  })
})

describe('bad input', () => {
  it('is no directory, or one without a page', async () => {
    const site = temporarySite({ 'a.txt': '' })
    await expect(secureDirectory(join(site, 'gone'))).rejects.toMatchObject({ code: 'no-directory' })
    await expect(secureDirectory(join(site, 'a.txt'))).rejects.toMatchObject({ code: 'no-directory' })
    await expect(secureDirectory(site)).rejects.toMatchObject({ code: 'no-page' })
  })

  it('is a page that is not UTF-8', async () => {
    const site = temporarySite({
      'index.html': page(''),
      'latin1.html': Buffer.from('<p>caf\xE9</p>', 'latin1'),
    })
    const tree = readTree(site)
    const result = await secureDirectory(site)
    expect(result.findings.find(({ code }) => code === 'page-encoding')?.location?.file).toBe('latin1.html')
    expect(readTree(site)).toEqual(tree)
  })

  it('is a page that another tool has protected', async () => {
    const meta = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
    const site = temporarySite({ 'index.html': page(meta) })
    expect(codes(await secureDirectory(site))).toContain('policy-present')
  })

  it('is a link that is broken, that leads out or that leads back', async () => {
    const outside = temporarySite({ 'secret.html': page('<script>secret()</script>') })
    const site = temporarySite({ 'index.html': page(''), 'deep/page.html': page('') })
    symlinkSync('nowhere.html', join(site, 'broken.html'))
    symlinkSync('self.html', join(site, 'self.html'))
    symlinkSync('..', join(site, 'deep/loop'))
    const warned = await secureDirectory(site)
    expect(codes(warned)).toEqual(expect.arrayContaining(['link-broken', 'link-loop', 'link-loop']))
    expect(warned.written).toBe(true)
    symlinkSync(outside, join(site, 'out'))
    symlinkSync(join(outside, 'secret.html'), join(site, 'secret.html'))
    const result = await secureDirectory(site)
    expect(result.findings.filter(({ code }) => code === 'link-outside')).toHaveLength(2)
    expect(result.written).toBe(false)
    expect(read(outside, 'secret.html')).not.toContain('Content-Security-Policy')
  })

  it('is a script behind a link that leads out: it is not read', async () => {
    const outside = temporarySite({ 'app.js': '1' })
    const site = temporarySite({ 'index.html': page('<script src="/app.js"></script>') })
    symlinkSync(join(outside, 'app.js'), join(site, 'app.js'))
    expect(codes(await secureDirectory(site))).toEqual(
      expect.arrayContaining(['link-outside', 'file-missing']),
    )
  })

  it('is a script over a link that stays inside: it is pinned by its bytes', async () => {
    const site = temporarySite({
      'index.html': page('<script src="/app.js"></script>'),
      'real/a.js': 'run()',
    })
    symlinkSync('real/a.js', join(site, 'app.js'))
    await secureDirectory(site)
    const hash = createHash('sha384').update('run()').digest('base64')
    expect(read(site, 'index.html')).toContain(`<script integrity="sha384-${hash}" src="/app.js">`)
  })

  it('is a link to a page: the page itself is written, the link stays one', async () => {
    const site = temporarySite({ 'index.html': page('<script>a()</script>') })
    symlinkSync('index.html', join(site, '404.html'))
    const result = await secureDirectory(site)
    expect(result.changed).toEqual(['index.html'])
    expect(read(site, '404.html')).toContain('Content-Security-Policy')
  })

  it('is a run that is stopped: nothing has changed', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`p${n}.html`, page('<script>a()</script>')]),
    )
    const site = temporarySite(many)
    const tree = readTree(site)
    const controller = new AbortController()
    const stopped = secureDirectory(site, { signal: controller.signal, onProgress: () => controller.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
    expect(readTree(site)).toEqual(tree)
  })
})

describe('what a killed run left', () => {
  it('is removed by the next one, but not what a living one has', async () => {
    const site = temporarySite({
      'index.html': page(''),
      // No process has so high a number.
      '.index.html.999999999.csp-hashes': 'x',
      '.index.html.999999999.csp-hashes-old': 'x',
      [`.index.html.${process.ppid}.csp-hashes`]: 'x',
    })
    expect(existsSync(join(site, 'index.html'))).toBe(true)
    await secureDirectory(site)
    expect(readdirSync(site).toSorted()).toEqual([`.index.html.${process.ppid}.csp-hashes`, 'index.html'])
    writeTree(site, {})
  })
})
