import { apacheHost } from './apache.ts'
import { caddyHost } from './caddy.ts'
import { pagesHost, workersHost } from './cloudflare.ts'
import { firebaseHost } from './firebase.ts'
import type { Host } from './host.ts'
import { netlifyHost } from './netlify.ts'
import { nginxHost } from './nginx.ts'
import { amplifyHost, cloudfrontHost, iisHost, staticWebServerHost } from './parsed.ts'
import { vercelHost } from './vercel.ts'

export const HOSTS: readonly Host[] = [
  netlifyHost,
  workersHost,
  pagesHost,
  vercelHost,
  firebaseHost,
  nginxHost,
  apacheHost,
  caddyHost,
  cloudfrontHost,
  amplifyHost,
  iisHost,
  staticWebServerHost,
]

/** Hosts that can give a page a policy of its own. */
export const HOSTS_BY_PAGE: readonly Host[] = HOSTS.filter((host) => host !== amplifyHost && host !== iisHost)

/** What every project has, whatever its host: Firebase knows no site without a file. */
export const PROJECT: Readonly<Record<string, string>> = {
  'firebase.json': '{ "hosting": { "public": "dist" } }\n',
}
