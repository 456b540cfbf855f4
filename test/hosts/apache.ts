import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apache } from '../../src/outputs/apache.ts'
import type { Host } from './host.ts'
import { freePort } from '../support/ports.ts'
import { untilListening } from './ports.ts'

const MODULES = ['mpm_event', 'authz_core', 'dir', 'mime', 'headers', 'negotiation']

/** A folder with `AllowOverride FileInfo`, so that its `.htaccess` is read. */
export const apacheHost: Host = {
  name: 'Apache',
  output: apache,
  ownFile: { root: 'site', path: '.htaccess' },
  async start({ site, project, fallback }) {
    const port = await freePort()
    const config = join(project, 'apache.conf')
    const modules = MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
    writeFileSync(
      config,
      `${modules.join('\n')}
ServerRoot ${project}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${join(project, 'apache.pid')}
ErrorLog ${join(project, 'apache.log')}
Mutex file:${project} default
TypesConfig /etc/mime.types
DirectoryIndex index.html
${fallback ? `FallbackResource /${fallback}` : 'ErrorDocument 404 /404.html'}
DocumentRoot ${site}
<Directory ${site}>
  Options MultiViews
  AllowOverride FileInfo
  Require all granted
</Directory>
`,
    )
    const child = spawn('/usr/sbin/apache2', ['-f', config, '-D', 'FOREGROUND'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return untilListening(child, port)
  },
}
