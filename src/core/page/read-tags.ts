import { type Finding, finding } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import { hashSource } from '../csp/serialise.ts'
import { importsComputed } from '../graph/computed-imports.ts'
import { filesNamedIn } from '../graph/inline-imports.ts'
import { digest } from '../site/digest.ts'
import type { InlineScript, IntegrityMetadata, ScriptType, Source } from '../site/model.ts'
import { resolveUrl } from '../site/urls.ts'
import type { Edit } from './edit.ts'
import { systemEntry } from './import-map.ts'
import { keptScripts } from './kept-scripts.ts'
import { InlineModules, type PageImport } from './inline-modules.ts'
import { isLoadable, isLoaderText, loaderScripts, type LoaderTag, placeLoader } from './loader.ts'
import type { PageContext } from './page-plan.ts'
import { isPinnable, isScriptLike, type LoadedResource, type Pin, Pinner } from './pin.ts'

/** The first step of a page's plan: the information in its tags, in document order. */
export interface PageTags {
  readonly edits: readonly Edit[]
  readonly findings: readonly Finding[]
  /** Hashes of inline scripts, including the loader. */
  readonly inline: readonly Source[]
  /** Hashes in the `integrity` of script tags. */
  readonly carried: readonly Source[]
  /** Scripts of other origins. */
  readonly foreign: readonly Source[]
  /** URLs from which scripts of the site are requested. */
  readonly urls: readonly URL[]
  /** Files that tags pin. */
  readonly pinned: readonly (readonly [file: string, hash: IntegrityMetadata])[]
  /** Files that tags load. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** Stylesheets with a link of their own. */
  readonly linkedStyles: readonly string[]
  /** Files of the graph from which everything is reachable that tags, inline scripts and SystemJS import. */
  readonly entries: readonly string[]
  readonly inlineEntries: readonly string[]
  readonly systemEntries: readonly string[]
  /** Imports of inline scripts that do not resolve to a file of the site. */
  readonly unanswered: readonly PageImport[]
  /** Tags that the loader replaces. */
  readonly loaded: readonly LoaderTag[]
  /** Whether an inline script contains an import whose specifier is computed at run time. */
  readonly computedImports: boolean
  readonly hasScripts: boolean
}

type Tag = Partial<PageTags>

export function readTags(context: PageContext): PageTags {
  const { site, page, base, ownMap, settings, digestOf } = context
  const pinner = new Pinner(site, page, base, settings, digestOf)
  const modules = new InlineModules(site, page, base, ownMap?.text)
  const loading =
    settings.scripts === 'loader' &&
    page.resources.some((resource) => resource.kind === 'external-script' && isLoadable(resource))
  const tags = page.resources.map((resource): Tag => {
    if (resource.kind === 'inline-script') return inlineScript(context, modules, resource)
    if (resource.kind === 'inline-style' || !isPinnable(resource)) return {}
    return loadedResource(context, resource, pinner.pin(resource), loading)
  })
  const loader = loading
    ? loaderTag(
        context,
        tags.flatMap(({ loaded = [] }) => loaded),
      )
    : {}
  return together([foreignPolicies(context), ...tags, kept(context), loader])
}

/** Hashes a script that is, or will be, part of the page. */
export function hashInline(
  { page, settings }: PageContext,
  text: string,
  { type, span }: Pick<InlineScript, 'type' | 'span'>,
): Source {
  const hash = digest(text, settings.algorithm)
  return hashSource(hash, { kind: 'inline', page: page.path, span, what: type })
}

type ListName = { [Name in keyof PageTags]: PageTags[Name] extends boolean ? never : Name }[keyof PageTags]

const ASKED: Source['reason'] = { kind: 'option', option: 'external' }

type Lists = { [Name in ListName]: PageTags[Name][number][] }

function addTo<Item>(list: Item[], items: readonly Item[] | undefined): void {
  if (items) for (const item of items) list.push(item)
}

/** Written as one explicit pass for speed: a directory run calls this for every page. */
function together(tags: readonly Tag[]): PageTags {
  const all: Lists = {
    edits: [],
    findings: [],
    inline: [],
    carried: [],
    foreign: [],
    urls: [],
    pinned: [],
    scripts: [],
    styles: [],
    linkedStyles: [],
    entries: [],
    inlineEntries: [],
    systemEntries: [],
    unanswered: [],
    loaded: [],
  }
  for (const tag of tags) {
    addTo(all.edits, tag.edits)
    addTo(all.findings, tag.findings)
    addTo(all.inline, tag.inline)
    addTo(all.carried, tag.carried)
    addTo(all.foreign, tag.foreign)
    addTo(all.urls, tag.urls)
    addTo(all.pinned, tag.pinned)
    addTo(all.scripts, tag.scripts)
    addTo(all.styles, tag.styles)
    addTo(all.linkedStyles, tag.linkedStyles)
    addTo(all.entries, tag.entries)
    addTo(all.inlineEntries, tag.inlineEntries)
    addTo(all.systemEntries, tag.systemEntries)
    addTo(all.unanswered, tag.unanswered)
    addTo(all.loaded, tag.loaded)
  }
  return {
    ...all,
    computedImports: tags.some((tag) => tag.computedImports),
    hasScripts: tags.some((tag) => tag.hasScripts),
  }
}

function foreignPolicies({ site, page }: PageContext): Tag {
  const foreign = page.policyMetas.filter(({ ours }) => !ours)
  return {
    findings: foreign.map(({ content, span }) =>
      finding('policy-present', { content }, pagePlace(site, page, span.start)),
    ),
  }
}

/**
 * Scripts that the page stores as data: a runtime creates elements from them, which run only if their hashes are
 * listed.
 */
function kept(context: PageContext): Tag {
  const scripts = context.page.resources.filter(
    (one) => one.kind === 'inline-script' && one.type === 'classic',
  )
  const [first] = scripts
  if (!first) return {}
  const texts = keptScripts(scripts.map((one) => (one.kind === 'inline-script' ? one.text : '')))
  return { inline: texts.map((text) => hashInline(context, text, { type: 'classic', span: first.span })) }
}

function inlineScript(context: PageContext, modules: InlineModules, script: InlineScript): Tag {
  const { site, page, base, ownMap, graph } = context
  const { type, text } = script
  // An element without text never runs.
  // https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element (step 6)
  if (type === 'data' || text === '' || ownMap?.includes(script)) return {}
  const hashed: Tag = { hasScripts: true, inline: [hashInline(context, text, script)] }
  if (type === 'speculationrules' || type === 'importmap') return hashed
  if (isLoaderText(text)) return { ...hashed, entries: loaderEntries(context, text) }
  const { files, unanswered } = modules.read(script)
  const system = systemEntry(page.source, script)
  const target = system === undefined ? undefined : resolveUrl(site, system, base)
  return {
    ...hashed,
    inlineEntries: [...filesNamedIn(text, site, base), ...files].filter((path) => graph.has(path)),
    unanswered,
    computedImports: importsComputed(text),
    systemEntries: target?.kind === 'file' ? [target.path] : [],
  }
}

/** The graph entries of a loader that an earlier run wrote: those of the tags that it replaced. */
function loaderEntries({ site, base, graph }: PageContext, text: string): string[] {
  return loaderScripts(text).flatMap(({ url, type }) => {
    const target = resolveUrl(site, url, base)
    return target.kind === 'file' ? entriesOf(graph, target.path, type) : []
  })
}

function loadedResource({ graph }: PageContext, resource: LoadedResource, pin: Pin, loading: boolean): Tag {
  const { file, insert, findings } = pin
  const [hash] = pin.carried
  const byLoader =
    loading &&
    resource.context === 'document' &&
    (resource.kind === 'modulepreload' || (resource.kind === 'external-script' && isLoadable(resource)))
  const offset = resource.attributeOffset
  const files = file === undefined ? [] : [file]
  const script = isScriptLike(resource)
  const reason: Source['reason'] = { kind: 'file', file: file ?? resource.url }
  return {
    edits: byLoader || !insert ? [] : [{ kind: 'insert', offset, text: ` integrity="${insert}"` }],
    findings,
    pinned: file !== undefined && hash ? [[file, hash]] : [],
    // Scripts that the loader creates need no hash: they are trusted because the loader is.
    loaded: byLoader ? [{ resource, integrity: pin.carried, file }] : [],
    styles: script ? [] : files,
    linkedStyles: resource.kind === 'stylesheet' ? files : [],
    hasScripts: script,
    scripts: script ? files : [],
    entries:
      script && file !== undefined
        ? entriesOf(graph, file, resource.kind === 'external-script' ? resource.type : 'module')
        : [],
    urls: script && pin.url ? [pin.url] : [],
    // A source from the option `external` keeps that reason, whether a tag or a script loads it.
    foreign:
      !script || pin.foreign === undefined
        ? []
        : [{ expression: pin.foreign, reason: pin.trusted ? ASKED : reason }],
    carried: !script || byLoader ? [] : pin.carried.map((one) => hashSource(one, reason)),
  }
}

/** Import maps do not apply to classic scripts, but to the modules that these import. */
function entriesOf(graph: PageContext['graph'], file: string, type: ScriptType): string[] {
  const classic = type === 'classic'
  const node = classic ? graph.get(file) : undefined
  const entries = classic ? [...(node?.imports ?? []), ...(node?.dynamicImports ?? [])] : [file]
  return entries.filter((path) => graph.has(path))
}

/** Builds the loader that replaces the tags. */
function loaderTag(context: PageContext, loaded: readonly LoaderTag[]): Tag {
  const tags = loaded.filter(({ resource }) => resource.kind === 'external-script')
  const preloads = loaded.filter(({ resource }) => resource.kind !== 'external-script')
  const placed = placeLoader(tags, preloads, context.settings.trustedTypes !== undefined)
  if (!placed) return {}
  return {
    edits: placed.edits,
    inline: [hashInline(context, placed.text, { type: 'classic', span: placed.span })],
    carried: placed.preloaded.flatMap(({ resource, integrity, file }) =>
      integrity.map((one) => hashSource(one, { kind: 'file', file: file ?? resource.url })),
    ),
  }
}
