/**
 * The words of this project as types: every stage speaks of the site, its pages, the resources of a page,
 * the graph of chunks and the policies in these terms.
 */

/** Half-open range of offsets, in UTF-16 code units, into the source of a page. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * What a browser will do with a script element, from its `type` and `language` attributes.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element
 */
export type ScriptType = 'classic' | 'module' | 'importmap' | 'speculationrules' | 'data'

/**
 * Where an element stands: in the document itself, in a `<template>` (inert until cloned), in a declarative
 * shadow root, or in the document of an `<iframe srcdoc>` (which inherits the policy of its page).
 */
export type ResourceContext = 'document' | 'template' | 'shadow-root' | 'srcdoc'

interface Located {
  /** The whole element, from `<` of the start tag to the end of the end tag. Inside a `srcdoc`: the frame's element. */
  readonly span: Span
  /** Offset right behind the tag name of the start tag: where an attribute can be inserted, however it is written. */
  readonly attributeOffset: number
  readonly context: ResourceContext
}

export interface Attribute {
  readonly name: string
  readonly value: string
}

export interface InlineScript extends Located {
  readonly kind: 'inline-script'
  readonly type: ScriptType
  readonly nomodule: boolean
  /** The text that an engine hashes: the parser's text node, newlines normalised, character references decoded in SVG. */
  readonly text: string
  /** Where the raw text stands between the tags. */
  readonly textSpan: Span
}

export interface ExternalScript extends Located {
  readonly kind: 'external-script'
  readonly type: ScriptType
  readonly nomodule: boolean
  readonly url: string
  readonly integrity: string | undefined
  readonly crossorigin: string | undefined
  /** All attributes as written, in order. */
  readonly attributes: readonly Attribute[]
}

export interface InlineStyle extends Located {
  readonly kind: 'inline-style'
  readonly text: string
}

export interface LinkedResource extends Located {
  readonly kind: 'stylesheet' | 'modulepreload' | 'preload'
  readonly url: string
  /** The destination of a preload (`as`), lower case. */
  readonly as: string | undefined
  readonly integrity: string | undefined
  readonly crossorigin: string | undefined
  /** All attributes as written, in order. */
  readonly attributes: readonly Attribute[]
}

/** A script, style or preload that a page refers to, inline or by URL. */
export type Resource = InlineScript | ExternalScript | InlineStyle | LinkedResource

/**
 * An attribute that a policy decides about: an event handler, a `javascript:` URL or a style.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-attr
 */
export interface FlaggedAttribute {
  readonly kind: 'handler' | 'javascript-url' | 'style'
  /** Tag name of the element, lower case. */
  readonly element: string
  readonly name: string
  /** As the parser decoded it: what an engine hashes. */
  readonly value: string
  /** Where the start tag of the element begins. Inside a `srcdoc`: the frame's element. */
  readonly offset: number
  readonly context: ResourceContext
}

/** The directives that decide about what an element refers to, scripts and styles apart. */
export type GovernedDirective =
  | 'img-src'
  | 'media-src'
  | 'frame-src'
  | 'object-src'
  | 'manifest-src'
  | 'connect-src'
  | 'form-action'

/** What an element fetches, embeds or submits to. */
export interface Reference {
  readonly directive: GovernedDirective
  readonly url: string
  /** Tag name of the element, lower case. */
  readonly element: string
  readonly offset: number
  readonly context: ResourceContext
}

/** A `<meta http-equiv="Content-Security-Policy">` that stands in the source. */
export interface PolicyMeta {
  readonly span: Span
  readonly content: string
  /** Written by an earlier run of this package, so it may be replaced. */
  readonly ours: boolean
}

/** One page as the parser sees it. */
export interface ScannedPage {
  /** Path of the file inside the site, with `/`, without a leading one. */
  readonly path: string
  readonly source: string
  readonly resources: readonly Resource[]
  readonly attributes: readonly FlaggedAttribute[]
  readonly references: readonly Reference[]
  /** Offsets of elements with a `nonce`. */
  readonly nonces: readonly number[]
  readonly policyMetas: readonly PolicyMeta[]
  /** Other elements of an earlier run: an import map, a copy of the charset. */
  readonly strays: readonly Span[]
  readonly base: { readonly href: string; readonly span: Span } | undefined
  readonly charset: { readonly span: Span } | undefined
  /** Where the head's content begins: what is inserted here governs everything but attributes of `<html>` and `<head>`. */
  readonly headStart: number
}

/**
 * A file of the site that scripts can import. Paths are those of {@link Site.file}.
 */
export interface GraphNode {
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
  /** Stylesheets that the preload helper links when the chunk is loaded. */
  readonly styles: readonly string[]
  /** What it imports and no file of the site answers. */
  readonly unanswered?: readonly UnansweredImport[]
  /** It imports a module whose name is made in the browser, and nothing is known of that name. */
  readonly importsAnything?: boolean
}

/** An import that no file of the site answers: the module as the script names it, and the URL that this resolves to. */
export interface UnansweredImport {
  readonly specifier: string
  /** In full for another origin; a path, or relative where the mount point is unknown. */
  readonly url: string
  /** Whether the URL belongs to another origin. */
  readonly foreign: boolean
}

/** Chunk → the chunks it imports, statically or dynamically. */
export type Graph = Pick<ReadonlyMap<string, GraphNode>, 'get' | 'has'>

/** A module inside a chunk. */
export interface ModuleSource {
  readonly id: string
  readonly code: string
}

export interface PageSource {
  /** Path of the file inside the site, with `/`, without a leading one. */
  readonly path: string
  readonly html: string
}

/** What a page of the site is read against. */
export interface SiteContext {
  /** Public base: `/`, `/sub/`, `./`, or an absolute URL of a CDN. Ends with a slash. */
  readonly base: string
  readonly graph: Graph
  /** The graph under the import map that a page brings, where chunks import by names that the map resolves. */
  graphUnder?(importMap: string, documentBase: URL): Graph
  /** Bytes of a file of the site, `undefined` if there is none. */
  file(path: string): Uint8Array | undefined
  /** Whether there is such a file, without reading it. `undefined`: ask `file`. */
  has?(path: string): boolean
  /**
   * The URL under which a file is requested, where that is not simply base + path
   * (`experimental.renderBuiltUrl` of Vite). `undefined`: base + path.
   */
  urlOf?(
    path: string,
    from: { readonly path: string; readonly type: 'html' | 'js' | 'css' },
  ): string | undefined
  /** The reverse of `urlOf`: the file behind a rewritten URL (a pathname, or in full for another origin). */
  fileOf?(url: string): string | undefined
  /** Modules that scripts import by a `data:` URL: that URL, and the file that holds the same text. */
  readonly dataModules?: ReadonlyMap<string, string>
  /** The modules that a chunk was made from, as they were rendered into it. */
  modules?(path: string): Iterable<ModuleSource>
  /** The user's own file behind a page or a module, where there is one: what the user can edit. */
  source?(path: string): { readonly file: string; readonly text: string } | undefined
  /** Text of a file in the root of the project (`netlify.toml`), where the adapter knows one. */
  projectFile?(path: string): string | undefined
  /** Where the site lies on the disk, as far as that is known. */
  readonly directory?: string | undefined
  /** Variables of the environment that the site is built in, by which a host gives itself away. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Scripts that may be imported by names which are made in the browser alone, by an inline script of the page. */
  unnamedImports?(page: string): readonly string[]
  /** The scripts that a script starts as workers. */
  workersOf?(path: string): readonly string[]
  /** Files that scripts load by URL without importing them: workers, service workers. */
  readonly workers?: readonly string[]
}

/**
 * What the pipeline reads. The adapters (bundle, directory) supply it; the core does no I/O of its own.
 */
export interface Site extends SiteContext {
  readonly pages: readonly PageSource[]
  /** HTML files that stay as they are: the option `pages` leaves them out, or there is no document in them. */
  readonly left?: readonly { readonly path: string; readonly why: 'excluded' | 'fragment' }[]
}

export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** `sha384-…`: an algorithm, a hyphen and base64. @see https://www.w3.org/TR/SRI/#integrity-metadata-description */
export type IntegrityMetadata = `${HashAlgorithm}-${string}`

/** Why a source expression is in a policy. */
export type SourceReason =
  | { readonly kind: 'inline'; readonly page: string; readonly span: Span; readonly what: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'shape'; readonly shape: string }
  | { readonly kind: 'preset'; readonly preset: string }
  | { readonly kind: 'option'; readonly option: string }
  | { readonly kind: 'need'; readonly need: string }

/** One source expression in a directive, with what it stands for. */
export interface Source {
  readonly expression: string
  readonly reason: SourceReason
}

/**
 * Directives → sources. A page may have several policies, all enforced: what runs must pass each.
 * @see https://www.w3.org/TR/CSP3/#multiple-policies
 */
export interface Policy {
  /** `main` is the policy that evaluators read; `fence` keeps foreign origins out and must carry no hash or nonce. */
  readonly role: 'main' | 'fence'
  readonly disposition: 'enforce' | 'report'
  readonly directives: ReadonlyMap<string, readonly Source[]>
}
