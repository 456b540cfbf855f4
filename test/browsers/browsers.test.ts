import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificate } from './everywhere.ts'
import { findBrowser } from './find.ts'
import { type Browser, engines, launch } from './index.ts'
import { processes } from './processes.ts'
import { type Served, serve } from './serve.ts'

const policies: Record<string, string> = {
  '/strict': "default-src 'none'; script-src 'none'",
  '/early': "script-src 'self'",
  '/lazy': "script-src-elem 'self' 'unsafe-inline'",
  '/handler': "script-src 'self'",
  '/frame': "script-src 'self'",
  '/leaves': "script-src-elem 'unsafe-inline'",
}

const files: Record<string, string> = {
  'strict.html': '<!doctype html><title>t</title><p id=p>text</p><input type=checkbox id=box>',
  'early.html': '<!doctype html><head><script>window.ran = 1</script></head><p>early',
  'meta.html': `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>window.ran = 1</script></head><p>meta`,
  'lazy.html': `<!doctype html><script type=module>import('http://localhost:1/chunk.js').catch(() => (window.failed = 1))</script>`,
  'handler.html': '<!doctype html><button id=b onclick="window.ran = 1">b</button>',
  'frame.html': '<!doctype html><iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
  'plain.html': '<!doctype html><script src="a.js"></script><p>plain',
  'error.html': '<!doctype html><script>console.error("told"); throw new TypeError("thrown")</script>',
  'leaves.html': `<!doctype html><script>
    document.cookie = 'left=1'
    localStorage.left = sessionStorage.left = name = 'left'
    setInterval(() => console.error('left'), 5)
    navigator.serviceWorker.register('worker.js').then(() => (window.left = 1))
  </script><script src="a.js"></script>`,
  'worker.js': '',
  'favicon.ico': '',
  'a.js': 'window.a = 1',
}

const override = (file: string): Buffer | undefined =>
  file === 'a.js' ? Buffer.from('window.a = 2') : undefined

describe.each(engines)('%s', (engine) => {
  const dir = mkdtempSync(join(tmpdir(), 'browsers-'))
  let site: Served
  let browser: Browser
  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
    site = await serve({
      dir,
      headers: (path) => (policies[path] ? { 'content-security-policy': policies[path] } : undefined),
    })
    browser = await launch(engine)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    rmSync(dir, { recursive: true })
  })

  it('drives a page whose policy forbids all script', async () => {
    const visit = await browser.visit(site.url('strict'))
    expect(await visit.evaluate('Promise.resolve({ two: 1 + 1 })')).toEqual({ two: 2 })
    await visit.click('#box')
    await visit.waitFor('document.querySelector("#box").checked')
    await expect(visit.evaluate('Promise.reject(new Error("told"))')).rejects.toThrow('told')
    expect(await visit.text('#p')).toBe('text')
  })

  it.each([
    ['early', 'script-src-elem', 'inline'],
    ['meta', 'script-src-elem', 'inline'],
    ['frame', 'script-src-elem', 'inline'],
  ])('reports the violation of %s', async (page, directive, blocked) => {
    const visit = await browser.visit(site.url(page))
    expect(await visit.violations()).toMatchObject([{ directive, blocked, disposition: 'enforce' }])
    expect(await visit.evaluate('window.ran')).toBeNull()
  })

  it('tells the violations when a wait times out', async () => {
    const visit = await browser.visit(site.url('early'))
    await visit.violations()
    await expect(visit.waitFor('false', 50)).rejects.toThrow('script-src-elem')
  })

  it('reports a blocked lazy import', async () => {
    const visit = await browser.visit(site.url('lazy'))
    await visit.waitFor('window.failed')
    expect(await visit.violations()).toMatchObject([
      { directive: 'script-src-elem', blocked: 'http://localhost:1/chunk.js' },
    ])
  })

  it('reports a blocked handler after a click', async () => {
    const visit = await browser.visit(site.url('handler'))
    await visit.click('#b')
    const [violation] = await visit.violations()
    expect(violation).toMatchObject({ directive: 'script-src-attr', blocked: 'inline' })
  })

  it('has nothing to report of an innocent page', async () => {
    const visit = await browser.visit(site.url('plain'))
    expect(await visit.evaluate('window.a')).toBe(1)
    expect(await visit.violations()).toEqual([])
    expect(await visit.consoleErrors()).toEqual([])
  })

  it('takes nothing from one visit into the next of the same origin', async () => {
    const visit = await browser.visit(site.url('leaves'))
    await visit.waitFor('window.left')
    expect(await visit.violations()).toMatchObject([{ directive: 'script-src-elem' }])
    const next = await browser.visit(site.url('plain'))
    const found =
      '[document.cookie, localStorage.length, sessionStorage.length, name, (await navigator.serviceWorker.getRegistrations()).length]'
    const [cookie, local, session, name, workers] = await next.evaluate<unknown[]>(`(async () => ${found})()`)
    expect({ cookie, local, session, name, workers }).toEqual({
      cookie: '',
      local: 0,
      session: 0,
      name: '',
      workers: 0,
    })
    expect(await next.violations()).toEqual([])
    expect(await next.consoleErrors()).toEqual([])
  })

  it('keeps console errors and uncaught errors', async () => {
    const errors = (await (await browser.visit(site.url('error'))).consoleErrors()).join('\n')
    expect(errors).toContain('told')
    expect(errors).toContain('thrown')
  })

  it('loads over https, under a base, with a file replaced', async () => {
    const secure = await serve({ dir, base: '/sub/', tls: certificate(), override })
    try {
      const visit = await browser.visit(secure.url('plain'))
      expect(await visit.evaluate('[location.protocol, window.a]')).toEqual(['https:', 2])
      expect(secure.requests).toContain('/sub/a.js')
    } finally {
      await secure.close()
    }
  })
  // A loaded machine in small: the display hears of the old browser's end only when the new one is at the door.
  if (engine === 'webkit' && findBrowser('WEBKIT_DRIVER_PATH', 'WebKitWebDriver'))
    it('starts a browser on a display that is slow to notice the end of the last', async () => {
      const before = new Set(processes().map(({ id }) => id))
      const own = await launch(engine)
      try {
        await own.visit(site.url('plain'))
        const started = processes().filter(({ id }) => !before.has(id))
        const leader = started.find(({ id, parent, group }) => parent === process.pid && id === group)!.id
        const find = (name: string): number =>
          started.find((one) => one.group === leader && one.name === name)!.id
        const display = find('Xvfb')
        process.kill(display, 'SIGSTOP')
        process.kill(find('MiniBrowser'), 'SIGKILL')
        const resume = setTimeout(() => process.kill(display, 'SIGCONT'), 2500)
        try {
          const visit = await own.visit(site.url('plain'))
          expect(await visit.evaluate('window.a')).toBe(1)
        } finally {
          clearTimeout(resume)
          process.kill(display, 'SIGCONT')
        }
      } finally {
        await own.close()
      }
    })
})
