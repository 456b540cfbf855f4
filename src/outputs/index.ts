import { amplify } from './amplify.ts'
import { apache } from './apache.ts'
import { azure } from './azure.ts'
import { caddy } from './caddy.ts'
import { cloudfront } from './cloudfront.ts'
import { cloudflare, netlify } from './headers-file/output.ts'
import { firebase } from './firebase.ts'
import { githubPages } from './github-pages.ts'
import { iis } from './iis.ts'
import { json } from './json.ts'
import { meta } from './meta.ts'
import { nginx } from './nginx.ts'
import type { Output } from './output.ts'
import { staticWebServer } from './static-web-server.ts'
import { vercel } from './vercel.ts'

/** All outputs by name. */
export const OUTPUTS = {
  meta,
  'github-pages': githubPages,
  netlify,
  cloudflare,
  vercel,
  firebase,
  azure,
  cloudfront,
  amplify,
  nginx,
  apache,
  caddy,
  iis,
  'static-web-server': staticWebServer,
  json,
} as const satisfies Readonly<Record<string, Output>>

export type OutputName = keyof typeof OUTPUTS
