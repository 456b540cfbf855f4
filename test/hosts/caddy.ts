import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { caddy } from '../../src/outputs/caddy.ts'
import type { Host } from './host.ts'
import { freePort } from '../support/ports.ts'
import { untilListening } from './ports.ts'

/** The snippet imported as the log says. */
export const caddyHost: Host = {
  name: 'Caddy',
  output: caddy,
  async start({ site, project, fallback, configuration = '' }) {
    const port = await freePort()
    const config = join(project, 'Caddyfile')
    const snippet = join(site, 'csp-hashes.caddy')
    writeFileSync(
      config,
      `{
	admin off
	auto_https off
	storage file_system ${project}
}
http://127.0.0.1:${port} {
	bind 127.0.0.1
	root * ${site}
	${existsSync(snippet) ? `import ${snippet}` : ''}
	${configuration}
	try_files {path} {path}.html {path}/index.html${fallback ? ` /${fallback}` : ''}
	file_server
	handle_errors {
		rewrite * /404.html
		file_server
	}
}
`,
    )
    const child = spawn('/usr/bin/caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: project, XDG_CONFIG_HOME: project, XDG_DATA_HOME: project },
    })
    return untilListening(child, port)
  },
}
