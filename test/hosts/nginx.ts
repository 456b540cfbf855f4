import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nginx } from '../../src/outputs/nginx.ts'
import type { Host, RunningHost } from './host.ts'
import { freePort } from '../support/ports.ts'
import { untilListening } from './ports.ts'

/** The workers of a root's nginx would be nobody, who may not see the site. */
const user = process.getuid?.() === 0 ? 'user root;' : ''

/** A real nginx over the text of an `http` block. */
export async function startNginx(project: string, http: (port: number) => string): Promise<RunningHost> {
  const port = await freePort()
  for (const directory of ['tmp', 'logs']) mkdirSync(join(project, directory), { recursive: true })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(project, 'tmp', name)};`)
    .join('\n')
  const config = join(project, 'nginx.conf')
  writeFileSync(
    config,
    `${user} daemon off; pid ${join(project, 'nginx.pid')}; error_log stderr;
events {}
http {
  access_log off; ${temporary}
  types { text/html html; text/javascript js; text/css css; image/svg+xml svg; image/png png; }
  default_type application/octet-stream;
  ${http(port)}
}
`,
  )
  const child = spawn('/usr/sbin/nginx', ['-p', project, '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] })
  return untilListening(child, port)
}

/** The snippets included as the log says, in a server that serves pages with and without `.html`. */
export const nginxHost: Host = {
  name: 'nginx',
  output: nginx,
  start({ site, project, fallback, configuration = '' }) {
    const include = (file: string): string =>
      existsSync(join(site, file)) ? `include ${join(site, file)};` : ''
    return startNginx(
      project,
      (port) => `${include('csp-hashes.map.nginx.conf')}
  server {
    listen 127.0.0.1:${port};
    root ${site};
    ${include('csp-hashes.nginx.conf')}
    error_page 404 /404.html;
    ${configuration}
    location / { try_files $uri $uri.html $uri/ ${fallback ? `/${fallback}` : '=404'}; }
  }`,
    )
  },
}
