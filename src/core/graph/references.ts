import { createRequire } from 'node:module'
import type * as acorn from 'acorn'
import type { AnyNode, Expression, Program, SpreadElement } from 'acorn'

/** A URL in a script, with what it is relative to. */
export interface UrlReference {
  readonly url: string
  /** `file`: the script itself. `base`: the public base of the site. `document`: the page that runs the script. */
  readonly relativeTo: 'file' | 'base' | 'document'
}

/** What a script loads, read from its own text. */
export interface ScriptReferences {
  /** Specifiers of static imports and of `export … from`. */
  readonly imports: readonly string[]
  /** Specifiers of dynamic imports that are plain text. */
  readonly dynamicImports: readonly string[]
  /** Stylesheets and scripts that stand as plain text where no import or worker names them: lists of preloads. */
  readonly preloads: readonly UrlReference[]
  readonly workers: readonly UrlReference[]
  /** Some dynamic import takes an expression, so its file is known in the browser alone. */
  readonly computedImport: boolean
}

export class ScriptSyntaxError extends Error {
  override name = 'ScriptSyntaxError'

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

const FILE_LITERAL = /^[^\s"'`<>{}()\\]+\.(?:m?js|css)(?:[?#][^\s]*)?$/
const WORKER_CLASSES: ReadonlySet<string> = new Set(['Worker', 'SharedWorker'])

type Node = AnyNode
type Argument = Expression | SpreadElement | undefined

/** Loaded when it is needed: the scripts of most builds are known from the bundler. */
const parser = (): typeof acorn => createRequire(import.meta.url)('acorn') as typeof acorn

function program(code: string): Program {
  const { parse } = parser()
  const options = { ecmaVersion: 'latest', allowHashBang: true } as const
  try {
    return parse(code, { ...options, sourceType: 'module' })
  } catch (asModule) {
    try {
      return parse(code, { ...options, sourceType: 'script', allowReturnOutsideFunction: true })
    } catch {
      const offset = (asModule as { pos?: unknown }).pos
      const message = asModule instanceof Error ? asModule.message : String(asModule)
      throw new ScriptSyntaxError(message.replace(/ \(\d+:\d+\)$/, ''), Number(offset) || 0)
    }
  }
}

/** The text of a literal: a string, or a template without expressions, as minifiers write strings. */
function textOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

function isMetaUrl(node: Node | undefined): boolean {
  // Vite writes `"" + import.meta.url`, so that bundlers of later builds leave it alone.
  if (node?.type === 'BinaryExpression') return isMetaUrl(node.right)
  return (
    node?.type === 'MemberExpression' &&
    node.object.type === 'MetaProperty' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'url'
  )
}

/** `"/worker.js"`, `new URL("worker.js", import.meta.url)`, `new URL(…).href`. */
function urlOf(node: Argument): { readonly literal: Node; readonly reference: UrlReference } | undefined {
  if (!node || node.type === 'SpreadElement') return undefined
  if (node.type === 'MemberExpression' && node.object.type === 'NewExpression') return urlOf(node.object)
  if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'URL') {
    const inner = urlOf(node.arguments[0])
    if (!inner) return undefined
    const relativeTo = isMetaUrl(node.arguments[1]) ? 'file' : inner.reference.relativeTo
    return { literal: inner.literal, reference: { url: inner.reference.url, relativeTo } }
  }
  const url = textOf(node)
  return url === undefined ? undefined : { literal: node, reference: { url, relativeTo: 'document' } }
}

function isWorkerCall(node: Node): Argument {
  if (node.type === 'NewExpression') {
    const { callee } = node
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
          ? callee.property.name
          : ''
    return WORKER_CLASSES.has(name) ? node.arguments[0] : undefined
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const { object, property } = node.callee
  // navigator.serviceWorker.register('/sw.js')
  const registers =
    property.type === 'Identifier' &&
    property.name === 'register' &&
    object.type === 'MemberExpression' &&
    object.property.type === 'Identifier' &&
    object.property.name === 'serviceWorker'
  return registers ? node.arguments[0] : undefined
}

class Collector {
  readonly imports = new Set<string>()
  readonly dynamicImports = new Set<string>()
  readonly preloads = new Map<string, UrlReference>()
  readonly workers = new Map<string, UrlReference>()
  computedImport = false
  private readonly consumed = new Set<Node>()

  visit(node: Node): void {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        this.staticImport(node.source ?? undefined)
        return
      case 'ImportExpression':
        this.dynamicImport(node.source)
        return
      case 'NewExpression':
      case 'CallExpression':
        this.worker(isWorkerCall(node))
        return
      case 'Literal':
      case 'TemplateLiteral':
        this.literal(node)
    }
  }

  private staticImport(source: Node | undefined): void {
    const specifier = textOf(source)
    if (!source || specifier === undefined) return
    this.consumed.add(source)
    this.imports.add(specifier)
  }

  private dynamicImport(source: Expression): void {
    const specifier = textOf(source)
    if (specifier === undefined) this.computedImport = true
    else {
      this.consumed.add(source)
      this.dynamicImports.add(specifier)
    }
  }

  private worker(argument: Argument): void {
    const found = urlOf(argument)
    if (!found) return
    this.consumed.add(found.literal)
    this.workers.set(found.reference.url, found.reference)
  }

  private literal(node: Node): void {
    const url = textOf(node)
    if (url === undefined || this.consumed.has(node) || !FILE_LITERAL.test(url)) return
    this.preloads.set(url, { url, relativeTo: /^\.{1,2}\//.test(url) ? 'file' : 'base' })
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Parents before children, so that a literal is known to be taken before it is met. Iterative: chunks nest deeply. */
function walk(root: Node, visit: (node: Node) => void): void {
  const open: Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    visit(node)
    for (const value of Object.values(node) as unknown[]) {
      if (isNode(value)) open.push(value)
      else if (Array.isArray(value)) for (const one of value) if (isNode(one)) open.push(one)
    }
  }
}

/** A script without any of these words loads nothing that could be pinned, as long as it is one. */
const LOADS = /\b(?:import|export|Worker|SharedWorker|serviceWorker)\b|\.css\b/

/**
 * Reads a script, module or classic, with a full parser.
 * @throws {ScriptSyntaxError} if it is neither
 */
export function readScriptReferences(code: string): ScriptReferences {
  const collector = new Collector()
  const parsed = program(code)
  if (LOADS.test(code)) walk(parsed, (node) => collector.visit(node))
  return {
    imports: [...collector.imports],
    dynamicImports: [...collector.dynamicImports],
    preloads: [...collector.preloads.values()],
    workers: [...collector.workers.values()],
    computedImport: collector.computedImport,
  }
}
