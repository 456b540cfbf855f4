import { matchesIntegrity, parseIntegrity } from '../site/digest.ts'
import { trustKey } from '../csp/trust-key.ts'
import { type Finding, type FindingPlace, finding } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import { hashSource } from '../csp/serialise.ts'
import { isLoadable } from './loader.ts'
import type {
  ExternalScript,
  IntegrityMetadata,
  LinkedResource,
  ScannedPage,
  SiteContext,
  Source,
} from '../site/model.ts'
import type { ScriptShape } from '../csp/policy.ts'
import { documentBaseUrl, placeOf, pageUrl, resolveUrl } from '../site/urls.ts'

/** A resource that is loaded by URL. */
export type LoadedResource = ExternalScript | LinkedResource

export interface PinSettings {
  readonly scripts: ScriptShape
  readonly external: ReadonlyMap<string, IntegrityMetadata | true>
}

/** The result of pinning one loaded resource. */
export interface Pin {
  /** The file of the site that the resource loads, if it is one. */
  readonly file?: string
  /** The URL that a script is requested from. */
  readonly url?: URL
  /** A source expression for a script of another origin. */
  readonly foreign?: string
  /** Whether the user trusts it without a pin. */
  readonly trusted?: boolean
  /** The hashes in the tag's `integrity` after all edits. */
  readonly carried: readonly IntegrityMetadata[]
  /** The hash to insert into the tag. */
  readonly insert?: IntegrityMetadata
  readonly findings: readonly Finding[]
}

const WHAT: Record<LoadedResource['kind'], string> = {
  'external-script': 'script',
  stylesheet: 'stylesheet',
  modulepreload: 'modulepreload',
  preload: 'preload',
}

/** Whether a resource is fetched as a script, so that the script directives apply to it. */
export function isScriptLike(resource: LoadedResource): boolean {
  return resource.kind === 'external-script' || resource.kind === 'modulepreload' || resource.as === 'script'
}

/** Whether browsers check integrity on the resource's tag. */
export function isPinnable(resource: LoadedResource): boolean {
  if (resource.kind === 'external-script') return resource.type !== 'data'
  return resource.kind !== 'preload' || resource.as === 'script' || resource.as === 'style'
}

const withoutQuery = (url: URL): string => `${url.origin}${url.pathname}`

function listed(url: URL, external: PinSettings['external']): [string, IntegrityMetadata | true] | undefined {
  for (const key of [url.href, withoutQuery(url), url.origin, `${url.origin}/`]) {
    const trust = external.get(key)
    if (trust !== undefined) return [key, trust]
  }
  return [...external].find(([key]) => key.endsWith('/') && url.href.startsWith(key))
}

/** Whether the option `external` lists the URL of a script or its origin. */
export function isTrusted(url: URL, external: PinSettings['external']): boolean {
  return listed(url, external) !== undefined
}

/** Whether a path on the site's own origin is that of a file of the site. */
export function isOwnFile(site: SiteContext, path: string): boolean {
  return resolveUrl(site, path, pageUrl(site, '/')).kind === 'file'
}

/** Whether the option `external` lists a path on the site's own origin, or a directory that contains it. */
export function isListed(path: string, external: PinSettings['external']): boolean {
  return external.has(path) || [...external.keys()].some((key) => key.endsWith('/') && path.startsWith(key))
}

const failed = (found: Finding): Pin => ({ carried: [], findings: [found] })

export class Pinner {
  constructor(
    private readonly site: SiteContext,
    private readonly page: ScannedPage,
    private readonly base: URL,
    private readonly settings: PinSettings,
    private readonly digestOf: (path: string) => IntegrityMetadata | undefined,
  ) {}

  pin(resource: LoadedResource): Pin {
    const { url } = resource
    const what = WHAT[resource.kind]
    const target = resolveUrl(this.site, url, this.base)
    switch (target.kind) {
      case 'file':
        return this.own(resource, target.path, new URL(url, this.base))
      case 'foreign':
        return isScriptLike(resource)
          ? this.foreignScript(resource, target.url)
          : this.foreignStyle(resource, target.url)
      case 'data':
        return { carried: [], findings: [] }
      case 'invalid':
        return failed(finding('url-invalid', { url, what }, this.place(resource)))
      case 'missing':
      case 'outside': {
        const resolved = new URL(url, this.base)
        if (this.settings.external.get(resolved.pathname) === true) return this.trusted(resource, {})
        return target.kind === 'missing'
          ? failed(finding('file-missing', { url }, this.place(resource)))
          : failed(finding('url-outside', { url, what, base: this.site.base }, this.place(resource)))
      }
    }
  }

  private place(resource: LoadedResource): FindingPlace {
    return pagePlace(this.site, this.page, resource.span.start)
  }

  private own(resource: LoadedResource, file: string, url: URL): Pin {
    const script = isScriptLike(resource) ? { url } : {}
    const { integrity, crossorigin } = resource
    // The user declared that this file is changed before it is served, so its hash is unknown.
    if (integrity === undefined && this.settings.external.get(url.pathname) === true)
      return { ...this.trusted(resource, {}), file }
    const carried = parseIntegrity(integrity ?? '')
    const foreign = placeOf(url).kind === 'foreign'
    if (carried.length > 0) {
      const [only, ...others] = carried
      const known = others.length === 0 && only === this.digestOf(file)
      const bytes = known ? undefined : this.site.file(file)
      if (bytes && !matchesIntegrity(bytes, carried)) {
        const mismatch = finding('integrity-mismatch', { url: resource.url }, this.place(resource))
        return { file, ...script, carried, findings: [mismatch] }
      }
      return { file, ...script, carried, findings: [] }
    }
    if (resource.context === 'srcdoc') {
      const findings = isScriptLike(resource) ? [this.unpinned(resource, 'srcdoc-unpinned')] : []
      return { file, ...script, carried: [], findings }
    }
    if (foreign && crossorigin === undefined && resource.kind !== 'modulepreload') {
      return { file, ...script, carried: [], findings: [this.unpinned(resource, 'cross-origin-unpinned')] }
    }
    const insert = this.digestOf(file)
    if (!insert) return { file, ...script, carried: [], findings: [] }
    return { file, ...script, carried: [insert], insert, findings: [] }
  }

  /**
   * Under `strict` the policy allows the URL anyway and the script runs unpinned, so the finding is only a
   * warning.
   */
  private unpinned(resource: LoadedResource, code: 'srcdoc-unpinned' | 'cross-origin-unpinned'): Finding {
    const found = finding(code, { url: resource.url, what: WHAT[resource.kind] }, this.place(resource))
    return this.settings.scripts === 'strict' || !isScriptLike(resource)
      ? { ...found, severity: 'warn' }
      : found
  }

  private foreignScript(resource: LoadedResource, url: URL): Pin {
    const [key, trust] = listed(url, this.settings.external) ?? []
    const carried = parseIntegrity(resource.integrity ?? '')
    const cors = resource.crossorigin !== undefined || resource.kind === 'modulepreload'
    const place = this.place(resource)
    const what = WHAT[resource.kind]
    const pinned = carried.length === 0 && typeof trust === 'string'
    if (pinned && resource.context === 'srcdoc')
      return {
        foreign: withoutQuery(url),
        carried,
        findings: [finding('srcdoc-unpinned', { url: url.href }, place)],
      }
    const insert = pinned ? trust : undefined
    if (carried.length > 0 || insert) {
      if (!cors)
        return { carried, findings: [finding('integrity-without-cors', { url: url.href, what }, place)] }
      const foreign = withoutQuery(url).replace(/[;,]/g, encodeURIComponent)
      return insert
        ? { foreign, carried: [insert], insert, findings: [] }
        : { foreign, carried, findings: [] }
    }
    if (key === undefined) {
      return {
        carried,
        findings: [this.unlisted(url, place)],
      }
    }
    return this.trusted(resource, { foreign: key.replace(/[?#].*$/, '') })
  }

  /** If the site has a file with the same path, the origin may be the site's own. */
  private unlisted(url: URL, place: FindingPlace): Finding {
    const own = isOwnFile(this.site, url.pathname) ? url.pathname : undefined
    return finding('external-unlisted', { url: url.href, key: trustKey(url), own }, place)
  }

  private trusted(resource: LoadedResource, pin: Pick<Pin, 'foreign'>): Pin {
    if (!isScriptLike(resource)) return { carried: [], findings: [] }
    const loadable =
      this.settings.scripts === 'loader' && resource.kind === 'external-script' && isLoadable(resource)
    const refused = this.settings.scripts !== 'strict' && !loadable
    const findings = refused
      ? [finding('trust-needs-strict', { url: resource.url }, this.place(resource))]
      : []
    return { ...pin, trusted: true, carried: [], findings }
  }

  private foreignStyle(resource: LoadedResource, url: URL): Pin {
    const [, trust] = listed(url, this.settings.external) ?? []
    const carried = parseIntegrity(resource.integrity ?? '')
    if (carried.length > 0 || typeof trust !== 'string') return { carried, findings: [] }
    if (resource.context === 'srcdoc')
      return { carried, findings: [this.unpinned(resource, 'srcdoc-unpinned')] }
    if (resource.crossorigin === undefined) {
      return {
        carried,
        findings: [
          finding(
            'integrity-without-cors',
            { url: url.href, what: WHAT[resource.kind] },
            this.place(resource),
          ),
        ],
      }
    }
    return { carried: [trust], insert: trust, findings: [] }
  }
}

/** The sources that the option `external` allows. */
export interface Trusted {
  /** URLs on the site's own origin. */
  readonly urls: readonly URL[]
  /** Other origins, and URLs on them. */
  readonly foreign: readonly Source[]
  readonly hashes: readonly Source[]
}

/** Scripts may load the trusted URLs at run time, so these are allowed wherever scripts run. */
export function trustedScripts(external: PinSettings['external'], scripts: ScriptShape): Trusted {
  const [urls, foreign, hashes]: [URL[], Source[], Source[]] = [[], [], []]
  for (const [key, trust] of external) {
    const reason: Source['reason'] = { kind: 'option', option: `external['${key}']` }
    if (key.startsWith('/')) urls.push(new URL(key, documentBaseUrl({ base: '/' }, '', undefined)))
    else if (trust === true || scripts !== 'dynamic')
      foreign.push({ expression: key.replace(/[?#].*$/, ''), reason })
    if (trust !== true) hashes.push(hashSource(trust, reason))
  }
  return { urls, foreign, hashes }
}
