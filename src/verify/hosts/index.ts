import { amplify } from './amplify.ts'
import { apache } from './apache.ts'
import { azure } from './azure.ts'
import { caddy } from './caddy.ts'
import { cloudfront } from './cloudfront.ts'
import { firebase } from './firebase.ts'
import { cloudflare, netlify } from './headers-file.ts'
import type { HostFile } from './host-file.ts'
import { iis } from './iis.ts'
import { nginx } from './nginx.ts'
import { staticWebServer } from './static-web-server.ts'
import { vercel } from './vercel.ts'

export type { HostFile, HostProblem, HostReading, HostRequest } from './host-file.ts'

/** The readers of all hosts. */
export const HOST_FILES: readonly HostFile[] = [
  netlify,
  cloudflare,
  vercel,
  firebase,
  azure,
  cloudfront,
  amplify,
  apache,
  nginx,
  caddy,
  iis,
  staticWebServer,
]

/** The reader for an output, if the output has one. Both have the same name. */
export const hostFileOf = (output: string): HostFile | undefined =>
  HOST_FILES.find(({ host }) => host === output)
