import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { azure } from '../../src/outputs/azure.ts'
import type { Host } from './host.ts'
import { freePort } from '../support/ports.ts'
import { untilListening } from './ports.ts'

/** The folder of the command line of Azure Static Web Apps. */
export const azureCommandLine = (): string =>
  dirname(createRequire(import.meta.url).resolve('@azure/static-web-apps-cli/package.json'))

/**
 * The emulator behind `swa start`. It finds files by the path of the request as it is written, so it knows neither
 * `/about` nor encoded characters, and answers what it does not find without any header.
 */
export const azureHost: Host = {
  name: 'Azure Static Web Apps',
  output: azure,
  ownFile: { root: 'site', path: 'staticwebapp.config.json' },
  async start({ site, project }) {
    const port = await freePort()
    const child = spawn(process.execPath, [join(azureCommandLine(), 'dist/msha/server.js')], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        SWA_CLI_HOST: '127.0.0.1',
        SWA_CLI_PORT: String(port),
        SWA_CLI_APP_SSL: 'false',
        SWA_CLI_APP_LOCATION: site,
        SWA_CLI_OUTPUT_LOCATION: site,
      },
    })
    return untilListening(child, port)
  },
}
