import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cloudflare } from '../../src/outputs/headers-file/output.ts'
import { getFrom, type Host } from './host.ts'
import { freePorts } from '../support/ports.ts'
import { originOf, untilListening } from './ports.ts'

const ownFile = { root: 'site', path: '_headers' } as const

/** Static assets of Workers: workerd, started in this process. */
export const workersHost: Host = {
  name: 'Cloudflare Workers',
  output: cloudflare,
  ownFile,
  async start({ site, project, fallback }) {
    process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
    process.env['WRANGLER_SEND_METRICS'] = 'false'
    process.env['WRANGLER_LOG'] = 'error'
    const { unstable_startWorker: startWorker } = await import('wrangler')
    const config = join(project, 'wrangler.json')
    const assets = { directory: site, not_found_handling: fallback ? 'single-page-application' : '404-page' }
    writeFileSync(config, JSON.stringify({ name: 'site', compatibility_date: '2026-01-01', assets }))
    const worker = await startWorker({
      config,
      dev: { server: { port: 0, hostname: '127.0.0.1' }, inspector: false, logLevel: 'error' },
    })
    await worker.ready
    const port = Number((await worker.url).port)
    return {
      origin: originOf(port),
      get: async (path) => [await getFrom(port, path)],
      stop: () => worker.dispose(),
    }
  },
}

/** Pages: its development server, a process of its own. */
export const pagesHost: Host = {
  name: 'Cloudflare Pages',
  output: cloudflare,
  ownFile,
  async start({ site, project }) {
    const wrangler = dirname(createRequire(import.meta.url).resolve('wrangler/package.json'))
    const [port = 0, inspectorPort = 0] = await freePorts(2)
    const child = spawn(
      process.execPath,
      [
        join(wrangler, 'wrangler-dist/cli.js'),
        'pages',
        'dev',
        site,
        '--ip=127.0.0.1',
        `--port=${port}`,
        `--inspector-port=${inspectorPort}`,
        '--compatibility-date=2026-01-01',
      ],
      {
        cwd: project,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          CLOUDFLARE_CF_FETCH_ENABLED: 'false',
          WRANGLER_SEND_METRICS: 'false',
          CI: '1',
        },
      },
    )
    // It accepts connections before, and may cut them off when the site is loaded.
    return untilListening(child, port, /Ready on /)
  },
}
