import { apache } from './apache.ts'
import { azure } from './azure.ts'
import { caddy } from './caddy.ts'
import { cloudflare, netlify } from './headers-file/output.ts'
import { firebase } from './firebase.ts'
import { json } from './json.ts'
import { meta } from './meta.ts'
import { nginx } from './nginx.ts'
import type { Output } from './output.ts'
import { vercel } from './vercel.ts'

/** Every output by its name. */
export const OUTPUTS = {
  meta,
  netlify,
  cloudflare,
  vercel,
  firebase,
  azure,
  nginx,
  apache,
  caddy,
  json,
} as const satisfies Readonly<Record<string, Output>>

export type OutputName = keyof typeof OUTPUTS
