/** A known script or markup that a CDN or host injects into pages. */
export interface Injection {
  readonly name: string
  readonly hint: string
}

const KNOWN: readonly (Injection & { readonly sign: RegExp })[] = [
  {
    name: "Cloudflare's Rocket Loader",
    sign: /rocket-loader\.min\.js|data-cf-settings/i,
    hint: 'It changes the type of every script, so none runs under a strict policy: switch it off under Speed, Optimization.',
  },
  {
    name: "Cloudflare's email obfuscation",
    sign: /email-decode\.min\.js|data-cfemail/i,
    hint: 'It adds a script of its own: switch it off under Scrape Shield, or put <!--email_off--> around addresses.',
  },
  {
    name: "Cloudflare's Web Analytics beacon",
    sign: /static\.cloudflareinsights\.com\/beacon/i,
    hint: "Switch automatic setup off and add the tag to your own pages, or allow it: external: { 'https://static.cloudflareinsights.com': true }.",
  },
  {
    name: "Cloudflare's challenge script",
    sign: /\/cdn-cgi\/challenge-platform\//i,
    hint: 'It is an inline script that differs on each request, so no hash fits: switch JavaScript detections off under Security, Bots.',
  },
  {
    name: "Cloudflare's Zaraz",
    sign: /\/cdn-cgi\/zaraz\/|zaraz\.deferred/i,
    hint: 'It is an inline script that differs on each request, so no hash fits: switch automatic injection off in its settings.',
  },
  {
    name: "Netlify's toolbar",
    sign: /\/\.netlify\/scripts\/cdp|netlify-cdp-loader|app\.netlify\.com\/cdp/i,
    hint: 'It appears on deploy previews alone: switch the Netlify Drawer off, or verify the production URL.',
  },
  {
    name: "Vercel's toolbar",
    sign: /vercel\.live\/_next-live\/feedback/i,
    hint: 'It appears on preview deployments alone: switch the toolbar off, or verify the production URL.',
  },
]

export function injections(html: string): Injection[] {
  return KNOWN.filter(({ sign }) => sign.test(html)).map(({ name, hint }) => ({ name, hint }))
}
