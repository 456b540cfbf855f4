import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A proxy that knows host names of its own, at every port, over http and https. */
export interface Everywhere {
  /** `host:port`, for `launch`. */
  readonly proxy: string
  close(): Promise<void>
}

/** A self-signed certificate; the browsers under test accept any. */
export function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ]
  const made = [...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert]
  execFileSync('openssl', made, { stdio: 'ignore' })
  const read = { key: readFileSync(key), cert: readFileSync(cert) }
  rmSync(folder, { recursive: true })
  return read
}

/**
 * Lets made-up hosts stand for servers of this machine, by host name → origin, so that origins can be tested which no
 * resolver knows. The loopback's own names do not pass through it.
 */
export async function serveEverywhere(hosts: Readonly<Record<string, string>>): Promise<Everywhere> {
  const forward: RequestListener = (incoming, outgoing) => {
    const { hostname, pathname, search } = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
    const target = hosts[hostname]
    // Browsers ask their makers for updates, too.
    if (target === undefined) return void outgoing.writeHead(502).end()
    // A connection of its own: what a browser breaks off, such as a film, would spoil the next request on a kept one.
    const options = { method: incoming.method, headers: incoming.headers, agent: false }
    const passed = request(`${target}${pathname}${search}`, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', (error) => outgoing.writeHead(502).end(String(error)))
    incoming.pipe(passed)
  }
  const secure = createSecureServer(certificate(), forward)
  const proxy = createServer(forward)
  const servers = [secure, proxy]
  for (const server of servers)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const portOf = (server: (typeof servers)[number]): number => (server.address() as AddressInfo).port
  // A server does not count what it has handed over as connections of its own.
  const tunnels = new Set<Duplex>()
  proxy.on('connect', (_, socket, head) => {
    const tunnel = connect(portOf(secure), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      tunnel.write(head)
      tunnel.pipe(socket).pipe(tunnel)
    })
    for (const end of [tunnel, socket]) {
      tunnels.add(end)
      end.on('close', () => tunnels.delete(end))
      end.on('error', () => void [tunnel.destroy(), socket.destroy()])
    }
  })
  return {
    proxy: `127.0.0.1:${portOf(proxy)}`,
    async close() {
      for (const end of tunnels) end.destroy()
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((closed) => server.close(closed))
      }
    },
  }
}
