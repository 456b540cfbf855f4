import { getTransformedRoutes } from '@vercel/routing-utils'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vercel } from '../../src/outputs/vercel.ts'
import type { Host } from './host.ts'

/** The routes that Vercel's own library makes of the file; each that matches sets its headers, the last one wins. */
export const vercelHost: Host = {
  name: 'Vercel',
  output: vercel,
  ownFile: { root: 'project', path: 'vercel.json' },
  async start({ project }) {
    const file = join(project, 'vercel.json')
    const config: object = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    const { routes, error } = getTransformedRoutes(config)
    if (error) throw error
    return {
      async get(path) {
        const headers = new Map<string, string>()
        for (const route of routes ?? []) {
          const { src, headers: set = {} } = route as { src?: string; headers?: Record<string, string> }
          if (src === undefined || !new RegExp(src).test(path)) continue
          for (const [name, value] of Object.entries(set)) headers.set(name.toLowerCase(), value)
        }
        return [{ status: undefined, headers }]
      },
      async stop() {},
    }
  },
}
