import { headersFileOutput } from './output.ts'

/** `_headers` as Cloudflare Pages and Workers read it. @see https://developers.cloudflare.com/workers/static-assets/headers/ */
export const cloudflare = headersFileOutput('cloudflare')
