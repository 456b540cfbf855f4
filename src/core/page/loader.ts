import type { ExternalScript, IntegrityMetadata, LinkedResource, ScriptType, Span } from '../site/model.ts'
import type { Edit } from './edit.ts'
import { LOADER_POLICY } from '../csp/policy.ts'
import { escapeAttribute, scriptJson } from '../html/escape.ts'
import { scriptType } from '../html/script-type.ts'

/**
 * Begins the text of every loader, so that a later run recognises it and does not treat it as a script with
 * imports.
 */
const MARK = '/*csp-hashes loader*/'

export function isLoaderText(text: string): boolean {
  return text.startsWith(MARK)
}

/** Reads the scripts that a loader creates from its text. Items without `src` are preloads and are skipped. */
export function loaderScripts(text: string): { readonly url: string; readonly type: ScriptType }[] {
  const lists = [...text.matchAll(/(\[\{"[^]*?"\}\])\.forEach/g)].map(([, list]) => list ?? '')
  return lists
    .flatMap(tagsIn)
    .flatMap(({ src, type, language }) =>
      src === undefined ? [] : [{ url: src, type: scriptType(type, language) }],
    )
}

function tagsIn(list: string): Attributes[] {
  try {
    return JSON.parse(list) as Attributes[]
  } catch {
    // Not our loader, although the text begins like one.
    return []
  }
}

type Attributes = Readonly<Partial<Record<string, string>>>

/** A tag that the loader creates at run time, with its integrity. */
export interface LoaderTag {
  readonly resource: ExternalScript | LinkedResource
  /** The hashes in its `integrity`: its own, or the one that is added. */
  readonly integrity: readonly IntegrityMetadata[]
  /** The file of the site that it loads, if it is one. */
  readonly file: string | undefined
}

/**
 * Whether the loader replaces a tag: module scripts, and classic scripts with `defer` or `async`. A classic script
 * that blocks the parser keeps its tag: later code may rely on it having run, and a script created by a script
 * cannot guarantee that.
 */
export function isLoadable(resource: ExternalScript): boolean {
  const { type, context, attributes } = resource
  if (context !== 'document' || type === 'data') return false
  return type === 'module' || attributes.some(({ name }) => name === 'defer' || name === 'async')
}

function attributesOf({ resource, integrity }: LoaderTag): Attributes {
  const given = resource.attributes.filter(({ name }) => name !== 'nonce' && name !== 'rel')
  return {
    ...(integrity.length > 0 ? { integrity: integrity.join(' ') } : {}),
    ...Object.fromEntries(given.map(({ name, value }) => [name, value])),
  }
}

const isAsync = ({ attributes }: ExternalScript): boolean => attributes.some(({ name }) => name === 'async')

/**
 * Source of the loader. Scripts created by a script are not parser-inserted, so `'strict-dynamic'` allows them and
 * everything they import. Their order is kept (`async = false`), and deferred scripts wait until the document is
 * parsed: otherwise a cached module could run before the elements that it looks for exist.
 */
function loaderText(tags: readonly LoaderTag[], preloads: readonly LoaderTag[], trusted: boolean): string {
  const scripts = tags.filter(({ resource }) => resource.kind === 'external-script')
  const async = scripts.filter(({ resource }) => resource.kind === 'external-script' && isAsync(resource))
  const deferred = scripts.filter((tag) => !async.includes(tag))
  const urls = scripts.map(({ resource }) => resource.url)
  const policy = `trustedTypes&&trustedTypes.createPolicy('${LOADER_POLICY}',{createScriptURL:function(u){if(${scriptJson(urls)}.indexOf(u)<0)throw TypeError(u);return u}})`
  return [
    `${MARK}(function(d){`,
    trusted ? `var p=self.${policy};` : '',
    `function m(n,a){var e=d.createElement(n),k;if(n=='script')e.async=false;for(k in a)k=='src'?e.src=${trusted ? 'p?p.createScriptURL(a[k]):a[k]' : 'a[k]'}:e.setAttribute(k,a[k]);d.head.appendChild(e)}`,
    preloads.length > 0
      ? `${scriptJson(preloads.map(attributesOf))}.forEach(function(a){a.rel='modulepreload';m('link',a)});`
      : '',
    async.length > 0 ? `${scriptJson(async.map(attributesOf))}.forEach(function(a){m('script',a)});` : '',
    deferred.length > 0
      ? `function r(){${scriptJson(deferred.map(attributesOf))}.forEach(function(a){m('script',a)})}d.readyState=='loading'?d.addEventListener('readystatechange',r,{once:true}):r()`
      : '',
    `})(document)`,
  ].join('')
}

function preloadTag({ resource, integrity }: LoaderTag): string {
  const { crossorigin, url } = resource
  const cors =
    crossorigin === undefined
      ? ''
      : crossorigin === ''
        ? ' crossorigin'
        : ` crossorigin="${escapeAttribute(crossorigin)}"`
  const pin = integrity.length > 0 ? ` integrity="${integrity.join(' ')}"` : ''
  return `<link${pin} rel="modulepreload"${cors} href="${escapeAttribute(url)}">`
}

/** A loader that replaces the tags that it creates. */
export interface PlacedLoader {
  /** Text of the script element, which must be hashed. */
  readonly text: string
  /** Span of the first replaced tag, so that the order relative to inline scripts is kept. */
  readonly span: Span
  readonly edits: readonly Edit[]
  /**
   * Its modules. They keep a modulepreload link in the page, so that the preload scanner finds them as early as
   * their own tags.
   */
  readonly preloaded: readonly LoaderTag[]
}

/** Replaces many tags by one loader; `undefined` if there are no tags. */
export function placeLoader(
  tags: readonly LoaderTag[],
  preloads: readonly LoaderTag[],
  trusted: boolean,
): PlacedLoader | undefined {
  const spans = [...tags, ...preloads].map(({ resource }) => resource.span)
  const span = spans.toSorted((a, b) => a.start - b.start)[0]
  if (!span) return undefined
  const text = loaderText(tags, preloads, trusted)
  const preloaded = tags.filter(({ resource }) => 'type' in resource && resource.type === 'module')
  const html = `${preloaded.map(preloadTag).join('')}<script>${text}</script>`
  return {
    text,
    span,
    edits: spans.map((one) => ({ kind: 'replace', span: one, text: one === span ? html : '' })),
    preloaded,
  }
}
