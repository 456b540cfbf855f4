import { headersFileOutput } from './output.ts'

/** `_headers` as Netlify reads it. @see https://docs.netlify.com/manage/routing/headers/ */
export const netlify = headersFileOutput('netlify')
