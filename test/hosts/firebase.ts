import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { server as createServer } from 'superstatic'
import { firebase } from '../../src/outputs/firebase.ts'
import { getFrom, type Host } from './host.ts'

/** superstatic, the server of Firebase's emulator. */
export const firebaseHost: Host = {
  name: 'Firebase',
  output: firebase,
  ownFile: { root: 'project', path: 'firebase.json' },
  async start({ site, project, fallback }) {
    const { hosting } = JSON.parse(readFileSync(join(project, 'firebase.json'), 'utf8')) as {
      hosting: object | [object]
    }
    const errorPage = join(site, '404.html')
    const app = createServer({
      port: 0,
      hostname: '127.0.0.1',
      cwd: site,
      config: {
        cleanUrls: true,
        ...(fallback && { rewrites: [{ source: '**', destination: `/${fallback}` }] }),
        ...[hosting].flat()[0],
        public: '.',
      },
      ...(existsSync(errorPage) && { errorPage }),
    } as never)
    const server = app.listen() as unknown as Server
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      get: async (path) => [await getFrom(port, path)],
      async stop() {
        server.close()
        await once(server, 'close')
      },
    }
  },
}
