/**
 * The vocabulary of this project as types. Every stage uses these terms for the site, its pages, the resources of
 * a page, the graph of chunks, and the policies.
 */

/** Half-open range of offsets, in UTF-16 code units, into the source of a page. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * How a browser treats a script element, by its `type` and `language` attributes.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element
 */
export type ScriptType = 'classic' | 'module' | 'importmap' | 'speculationrules' | 'data'

/**
 * The context of an element: the document itself, a `<template>` (inert until cloned), a declarative
 * shadow root, or the document of an `<iframe srcdoc>` (which inherits the policy of its page).
 */
export type ResourceContext = 'document' | 'template' | 'shadow-root' | 'srcdoc'

interface Located {
  /**
   * The whole element, from `<` of the start tag to the end of the end tag. Inside a `srcdoc`: the element of the
   * frame.
   */
  readonly span: Span
  /** Offset right after the tag name of the start tag, where an attribute can always be inserted. */
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
  /**
   * The text that an engine hashes: that of the parser's text node, with newlines normalised and, in SVG,
   * character references decoded.
   */
  readonly text: string
  /** Span of the raw text between the tags. */
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
 * An attribute that a policy restricts: an event handler, a `javascript:` URL or a style.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-attr
 */
export interface FlaggedAttribute {
  readonly kind: 'handler' | 'javascript-url' | 'style'
  /** Tag name of the element, lower case. */
  readonly element: string
  readonly name: string
  /** The value as the parser decoded it, which is what engines hash. */
  readonly value: string
  /** Offset of the element's start tag. Inside a `srcdoc`: that of the frame's element. */
  readonly offset: number
  readonly context: ResourceContext
}

/** The directives that apply to the URLs of an element, except those for scripts and styles. */
export type GovernedDirective =
  | 'img-src'
  | 'media-src'
  | 'frame-src'
  | 'object-src'
  | 'manifest-src'
  | 'connect-src'
  | 'form-action'

/** A URL that an element fetches, embeds or submits to. */
export interface Reference {
  readonly directive: GovernedDirective
  readonly url: string
  /** Tag name of the element, lower case. */
  readonly element: string
  readonly offset: number
  readonly context: ResourceContext
}

/** A `<meta http-equiv="Content-Security-Policy">` in the source of a page. */
export interface PolicyMeta {
  readonly span: Span
  readonly content: string
  /** Whether an earlier run of this package wrote it, so that it may be replaced. */
  readonly ours: boolean
}

/** The result of parsing one page. */
export interface ScannedPage {
  /** Path of the file inside the site, with `/` as separator and without a leading `/`. */
  readonly path: string
  readonly source: string
  readonly resources: readonly Resource[]
  readonly attributes: readonly FlaggedAttribute[]
  readonly references: readonly Reference[]
  /** Offsets of elements with a `nonce`. */
  readonly nonces: readonly number[]
  readonly policyMetas: readonly PolicyMeta[]
  /** Other elements that an earlier run wrote: an import map, a copy of the charset. */
  readonly strays: readonly Span[]
  readonly base: { readonly href: string; readonly span: Span } | undefined
  readonly charset: { readonly span: Span } | undefined
  /**
   * Offset of the head's content. A policy inserted here applies to everything except attributes of `<html>` and
   * `<head>`.
   */
  readonly headStart: number
}

/** A file of the site that scripts can import. Paths are those of {@link Site.file}. */
export interface GraphNode {
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
  /** Stylesheets that the preload helper links when it loads the chunk. */
  readonly styles: readonly string[]
  /** Its imports that do not resolve to a file of the site. */
  readonly unanswered?: readonly UnansweredImport[]
  /** Whether it imports a module whose name is computed in the browser and completely unknown. */
  readonly importsAnything?: boolean
}

/** An import that does not resolve to a file of the site: the specifier, and the URL that it resolves to. */
export interface UnansweredImport {
  readonly specifier: string
  /** The full URL for another origin; otherwise a path, or a relative URL if the mount point is unknown. */
  readonly url: string
  /** Whether the URL belongs to another origin. */
  readonly foreign: boolean
}

/** Maps each chunk to the chunks that it imports, statically or dynamically. */
export type Graph = Pick<ReadonlyMap<string, GraphNode>, 'get' | 'has'>

/** A module inside a chunk. */
export interface ModuleSource {
  readonly id: string
  readonly code: string
}

export interface PageSource {
  /** Path of the file inside the site, with `/` as separator and without a leading `/`. */
  readonly path: string
  readonly html: string
}

/** The information about a site that is needed to process one of its pages. */
export interface SiteContext {
  /** Public base: `/`, `/sub/`, `./`, or an absolute URL of a CDN. Ends with a slash. */
  readonly base: string
  readonly graph: Graph
  /** The graph resolved under a page's own import map. */
  graphUnder?(importMap: string, documentBase: URL): Graph
  /** Bytes of a file of the site, `undefined` if there is none. */
  file(path: string): Uint8Array | undefined
  /** Whether the file exists, without reading it. If this method is missing, use `file`. */
  has?(path: string): boolean
  /**
   * The URL under which a file is requested, if it is not base + path (`experimental.renderBuiltUrl` of Vite).
   * `undefined`: base + path.
   */
  urlOf?(
    path: string,
    from: { readonly path: string; readonly type: 'html' | 'js' | 'css' },
  ): string | undefined
  /** The reverse of `urlOf`: the file for a rewritten URL (a pathname, or a full URL for another origin). */
  fileOf?(url: string): string | undefined
  /** `data:` URLs that scripts import as modules → the file with the same text. */
  readonly dataModules?: ReadonlyMap<string, string>
  /** The modules of a chunk, with their rendered code. */
  modules?(path: string): Iterable<ModuleSource>
  /** The user's own file from which a page or a module was made, if there is one: the file that the user can edit. */
  source?(path: string): { readonly file: string; readonly text: string } | undefined
  /** Text of a file in the root of the project (`netlify.toml`), if the adapter knows the project. */
  projectFile?(path: string): string | undefined
  /** Directory of the site on disk, if known. */
  readonly directory?: string | undefined
  /** Environment variables of the build, from which the host can be recognised. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Scripts that an inline script of the page may import by computed names. */
  unnamedImports?(page: string): readonly string[]
  /** The files that a script starts as workers. */
  workersOf?(path: string): readonly string[]
  /** Files that scripts load by URL instead of importing them: workers, service workers. */
  readonly workers?: readonly string[]
}

/** The input of the pipeline, supplied by the adapters (bundle, directory); the core does no I/O of its own. */
export interface Site extends SiteContext {
  readonly pages: readonly PageSource[]
  /** HTML files that are not changed: the option `pages` excludes them, or they contain no document. */
  readonly left?: readonly { readonly path: string; readonly why: 'excluded' | 'fragment' }[]
}

export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** `sha384-…`: an algorithm, a hyphen and base64. @see https://www.w3.org/TR/SRI/#integrity-metadata-description */
export type IntegrityMetadata = `${HashAlgorithm}-${string}`

/** The reason why a source expression is in a policy. */
export type SourceReason =
  | { readonly kind: 'inline'; readonly page: string; readonly span: Span; readonly what: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'shape'; readonly shape: string }
  | { readonly kind: 'preset'; readonly preset: string }
  | { readonly kind: 'option'; readonly option: string }
  | { readonly kind: 'need'; readonly need: string }

/** A source expression in a directive, and the reason for it. */
export interface Source {
  readonly expression: string
  readonly reason: SourceReason
}

/**
 * Directives → sources. A page may have several policies; browsers enforce all of them.
 * @see https://www.w3.org/TR/CSP3/#multiple-policies
 */
export interface Policy {
  /**
   * `main` is the policy that evaluators read; `fence` blocks foreign origins and must not contain a hash or
   * nonce.
   */
  readonly role: 'main' | 'fence'
  readonly disposition: 'enforce' | 'report'
  readonly directives: ReadonlyMap<string, readonly Source[]>
}
