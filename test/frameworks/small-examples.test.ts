import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyDirectory } from '../../src/index.ts'
import { type Browser, type Engine, engines, launch } from '../browsers/index.ts'
import { expectQuiet } from '../browsers/playground/walk.ts'
import { serve } from '../browsers/serve.ts'
import { workersHost } from '../hosts/cloudflare.ts'
import { netlifyHost } from '../hosts/netlify.ts'
import { startNginx } from '../hosts/nginx.ts'
import { makeDirectory } from '../support/files.ts'
import { exampleFolder } from './commands.ts'

interface Running {
  readonly origin?: string
  stop(): Promise<void>
}
type Start = (directories: { site: string; project: string }) => Promise<Running>

async function staticServer({ site }: { readonly site: string }): Promise<Running> {
  const { origin, close } = await serve({ dir: site })
  return { origin, stop: close }
}

/** The configuration of the example itself, with the paths and the port of the container replaced. */
const container: Start = ({ site, project }) =>
  startNginx(project, (port) =>
    readFileSync(join(exampleFolder('docker'), 'nginx.conf'), 'utf8')
      .replaceAll('/usr/share/nginx/html', site)
      .replace('listen 8080', `listen 127.0.0.1:${port}`),
  )

/** Examples that need no packages but those of this repository. All show the same page. */
const EXAMPLES: readonly { name: string; start?: Start; second?: string }[] = [
  { name: 'react' },
  { name: 'vue' },
  { name: 'svelte' },
  { name: 'multi-page', second: '/about/' },
  { name: 'legacy' },
  { name: 'pwa' },
  { name: 'netlify', start: netlifyHost.start },
  {
    name: 'cloudflare',
    start: (directories) => workersHost.start({ ...directories, fallback: 'index.html' }),
  },
  { name: 'docker', start: container },
]

const browsers = new Map<Engine, Browser>()
beforeAll(async () => {
  for (const engine of engines) browsers.set(engine, await launch(engine))
})
afterAll(async () => {
  for (const browser of browsers.values()) await browser.close()
})

describe.each(EXAMPLES)('examples/$name', ({ name, start = staticServer, second }) => {
  const folder = exampleFolder(name)
  const site = join(folder, 'dist')
  let running: Running
  beforeAll(async () => {
    // The variable of the test run would make development builds.
    const { NODE_ENV: _, ...env } = process.env
    rmSync(site, { recursive: true, force: true })
    const log = execFileSync('npm', ['run', 'build', '--silent'], { cwd: folder, env, encoding: 'utf8' })
    expect(log).toContain('vite-plugin-csp-hashes\n')
    const project = makeDirectory(name)
    const host = await start({ site, project })
    running = host
    return async () => {
      await host.stop()
      rmSync(project, { recursive: true, force: true })
    }
  })

  it('has nothing that a browser would refuse', async () => {
    const { ok, refusals } = await verifyDirectory(site, { project: folder })
    expect(refusals.filter(({ effect }) => effect === 'refused')).toEqual([])
    expect(ok).toBe(true)
  })

  it.concurrent.each(engines)('works in %s without a violation', async (engine) => {
    const visit = await browsers.get(engine)!.visit(`${running.origin}/`)
    await visit.waitFor(`document.querySelector('#count')?.textContent === '0 boats'`)
    await visit.click('#count')
    await visit.waitFor(`document.querySelector('#count').textContent === '1 boats'`)
    await visit.click('#more')
    const lazy = `document.querySelector('.tides')`
    await visit.waitFor(`${lazy} && getComputedStyle(${lazy}).color === 'rgb(0, 90, 120)'`)
    await expectQuiet(visit)
    if (second === undefined) return
    const next = await browsers.get(engine)!.visit(`${running.origin}${second}`)
    await next.waitFor(`document.querySelector('#year').textContent !== ''`)
    await expectQuiet(next)
  })
})
