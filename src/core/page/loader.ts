import type { ExternalScript, IntegrityMetadata, LinkedResource, ScriptType, Span } from '../site/model.ts'
import type { Edit } from './edit.ts'
import { LOADER_POLICY } from '../csp/policy.ts'
import { escapeAttribute, scriptJson } from '../html/escape.ts'
import { scriptType } from '../html/script-type.ts'

/** Begins the text of every loader, so that a later run knows it again: what it loads is not imported by it. */
const MARK = '/*csp-hashes loader*/'

export function isLoaderText(text: string): boolean {
  return text.startsWith(MARK)
}

/** The scripts that a loader makes, read from its text: all but the list of preloads have a `src`. */
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
    // Somebody else's text that only begins like a loader.
    return []
  }
}

type Attributes = Readonly<Partial<Record<string, string>>>

/** A tag that the loader makes at run time, with the integrity that it gets. */
export interface LoaderTag {
  readonly resource: ExternalScript | LinkedResource
  /** The hashes that it carries: its own, or the one that it is given. */
  readonly integrity: readonly IntegrityMetadata[]
  /** The file of the site that answers, if one does. */
  readonly file: string | undefined
}

/**
 * Whether the loader takes the place of a tag: module scripts, and classic ones that wait or do not care (`defer`,
 * `async`). A classic script that blocks the parser keeps its tag: what follows may rely on it having run, and no script
 * made by a script can promise that.
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
 * Source of the loader. Scripts that a script makes are not parser-inserted, so `'strict-dynamic'` lets them and all
 * that they import run. Their order is kept (`async = false`), and what was deferred waits for the end of the document:
 * otherwise a cached module could run before the elements that it looks for.
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

/** A loader in the place of the tags that it makes. */
export interface PlacedLoader {
  /** Source of the script element's text: to be hashed. */
  readonly text: string
  /** Of the first of the tags that it replaces; inline scripts around keep their order. */
  readonly span: Span
  readonly edits: readonly Edit[]
  /** Its modules, which keep a modulepreload link in the page: the preload scanner finds them as early as their own tags. */
  readonly preloaded: readonly LoaderTag[]
}

/** One loader instead of many tags; `undefined` where there are none. */
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
