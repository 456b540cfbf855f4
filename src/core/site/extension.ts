import type { SiteContext } from './model.ts'

/** @see https://developer.chrome.com/docs/extensions/reference/manifest/content-security-policy */
const STANDARD = "script-src 'self'; object-src 'self'"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/**
 * The policy that browsers apply to all pages of a browser extension; `undefined` if the site is not an extension.
 */
export function extensionPolicy(site: Pick<SiteContext, 'file' | 'has'>): string | undefined {
  if (site.has?.('manifest.json') === false) return undefined
  const bytes = site.file('manifest.json')
  let manifest: unknown
  try {
    manifest = bytes && JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
  if (!isRecord(manifest) || typeof manifest['manifest_version'] !== 'number') return undefined
  const own = manifest['content_security_policy']
  const pages = isRecord(own) ? own['extension_pages'] : own
  return typeof pages === 'string' ? pages : STANDARD
}

/** Whether the policy allows files of the extension to run as scripts. */
export function letsOwnScripts(policy: string): boolean {
  const directives = policy.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/))
  const find = (name: string): string[] | undefined => directives.find(([first]) => first === name)
  const deciding = find('script-src-elem') ?? find('script-src') ?? find('default-src')
  return !deciding || deciding.some((source) => source === "'self'" || source === '*')
}
