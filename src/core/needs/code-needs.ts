import type { DirectiveName } from '../csp/directives.ts'
import type { SiteContext } from '../site/model.ts'
import { type CodeFeature, type CodeTraits, namedFile } from './search-code.ts'
import { type Need, need, ownSources, urlNeeds } from '../csp/need.ts'

type CodeSite = Pick<SiteContext, 'base' | 'fileOf'>

const OWN_FILES: readonly (readonly [CodeFeature, DirectiveName, string])[] = [
  ['own-image', 'img-src', 'names an image'],
  ['own-font', 'font-src', 'names a font'],
  ['own-media', 'media-src', 'names a video or a sound'],
  ['own-style', 'style-src', 'names a stylesheet'],
  ['connect', 'connect-src', 'makes requests'],
  ['worker', 'worker-src', 'starts a worker'],
  ['frame-element', 'frame-src', 'makes a frame'],
]

const DATA_DIRECTIVES: readonly (readonly [RegExp, DirectiveName])[] = [
  [/^image\//, 'img-src'],
  [/^(?:font\/|application\/(?:x-)?font|application\/vnd\.ms-fontobject)/, 'font-src'],
  [/^(?:audio|video)\/|^text\/vtt/, 'media-src'],
]

/** `data:` URLs of scripts and styles are used by workers and imports, for which other rules are responsible. */
const NOT_FETCHED = /^(?:text|application)\/(?:x-)?(?:java|ecma)script|^text\/css/

function blobNeeds({ features }: CodeTraits, file: string): Need[] {
  const needs: Need[] = []
  const made = features.has('object-url')
  if (features.has('blob-worker') || (made && features.has('worker')))
    needs.push(need('worker-src', 'blob:', `${file} starts a worker from a blob`))
  else if (features.has('data-worker'))
    needs.push(need('worker-src', 'data:', `${file} starts a worker from a data: URL`))
  if (made) {
    for (const directive of ['img-src', 'media-src'] as const)
      needs.push(need(directive, 'blob:', `${file} makes URLs of blobs`))
  }
  return needs
}

function dataNeeds({ dataTypes, features }: CodeTraits, file: string): Need[] {
  return [...dataTypes.keys()].flatMap((type) => {
    const directive = DATA_DIRECTIVES.find(([pattern]) => pattern.test(type))?.[1]
    if (directive) return [need(directive, 'data:', `${file} holds a data: URL of ${type}`)]
    return features.has('connect') && !NOT_FETCHED.test(type)
      ? [need('connect-src', 'data:', `${file} holds a data: URL of ${type}, and makes requests`)]
      : []
  })
}

/**
 * Needs for files of the site that a script names by full URL: on the CDN that is the base, or as `urlOf` writes
 * them.
 */
function fullUrlNeeds(site: CodeSite, file: string, { urls }: CodeTraits): Need[] {
  return [...urls.keys()].flatMap((url) => {
    const own = (site.base.includes('//') && url.startsWith(site.base)) || site.fileOf?.(url) !== undefined
    const kind = own ? namedFile(url) : undefined
    return OWN_FILES.filter(([feature]) => feature === kind).flatMap(([, directive, what]) =>
      urlNeeds(site, directive, url, `${file} ${what}`),
    )
  })
}

/** The needs of a script, as far as its text shows them. */
export function codeNeeds(site: CodeSite, file: string, traits: CodeTraits): Need[] {
  const { features } = traits
  const needs = OWN_FILES.filter(([feature]) => features.has(feature)).flatMap(([, directive, what]) =>
    ownSources(site).map((expression) => need(directive, expression, `${file} ${what}`)),
  )
  needs.push(...fullUrlNeeds(site, file, traits))
  if (features.has('form-element')) needs.push(need('form-action', "'self'", `${file} makes a form`))
  if (features.has('wasm'))
    needs.push(need('script-src', "'wasm-unsafe-eval'", `${file} compiles WebAssembly`))
  const policies = traits.trustedTypes.map((name) =>
    need('trusted-types', name, `${file} creates this policy`),
  )
  return [...needs, ...blobNeeds(traits, file), ...dataNeeds(traits, file), ...policies]
}
