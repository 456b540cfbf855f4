import { apache } from './apache.ts'
import { azure } from './azure.ts'
import { caddy } from './caddy.ts'
import { firebase } from './firebase.ts'
import { cloudflare, netlify } from './headers-file.ts'
import type { HostFile } from './host-file.ts'
import { nginx } from './nginx.ts'
import { vercel } from './vercel.ts'

export type { HostFile, HostProblem, HostReading, HostRequest } from './host-file.ts'

/** Each host, with the reader of its file. */
export const HOST_FILES: readonly HostFile[] = [
  netlify,
  cloudflare,
  vercel,
  firebase,
  azure,
  apache,
  nginx,
  caddy,
]

/** The host of an output, by the name of that output. */
export const hostFileOf = (output: string): HostFile | undefined =>
  HOST_FILES.find(({ host }) => host === output)
