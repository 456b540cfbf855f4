import { parseAllHeaders } from '@netlify/headers-parser'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { cspHashes } from '../../src/index.ts'
import type { Engine } from '../browsers/index.ts'
import { serve } from '../browsers/serve.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { serveFront } from './front.ts'
import { galleryPage, isGallery } from './gallery.ts'
import type { Shape } from './shapes.ts'
import { isSink } from './sinks.ts'
import type { Vector } from './vector.ts'
import { appIntegrity, evilFiles, fill, type Words } from './words.ts'

const VICTIM = join(import.meta.dirname, 'victim')

export interface Evil {
  /** The server itself. */
  readonly origin: string
  close(): Promise<void>
}

/** The attacker's own server, which lets every origin read. */
export async function serveEvil(vectors: readonly Vector[]): Promise<Evil> {
  const dir = makeDirectory('evil')
  for (const vector of vectors) {
    const files = evilFiles(vector)
    writeTree(dir, { ...files, [`assets/${vector.id}.js`]: files[`up/${vector.id}.js`] ?? '' })
    // A `<base>` turns the app's own paths to the attacker.
    if (vector.id === 'baseBeforeApp') writeTree(dir, { 'classic.js': files[`up/${vector.id}.js`] ?? '' })
  }
  const served = await serve({ dir, cors: true })
  return {
    origin: served.origin,
    async close() {
      await served.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** Host names that stand for the attacker's server and for the victims, by the proxy. */
export const EVIL_HOST = 'evil.example'
const hostOf = (shape: Shape): string => `${shape.name.replaceAll(/\W+/g, '-')}.example`

export interface Scene {
  readonly shape: Shape
  /** The host name and the server that it stands for. */
  readonly host: readonly [name: string, origin: string]
  /** Address of a page that shows these attacked pages side by side. */
  gallery(vectors: readonly Vector[], engine: Engine): string
  close(): Promise<void>
}

/** A victim built in one shape, with a page for each vector. */
export async function makeScene(shape: Shape, vectors: readonly Vector[], evil: Evil): Promise<Scene> {
  const dir = makeDirectory('victim')
  await build({
    root: VICTIM,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: dir,
      emptyOutDir: true,
      // Else the only static import would be bundled into the entry.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'title', test: /title\.js$/ }] } } },
    },
    plugins: shape.options ? [cspHashes(shape.options)] : [],
  })
  const html = readFileSync(join(dir, 'index.html'), 'utf8')
  const chunk = (name: string): string => {
    const file = readdirSync(join(dir, 'assets')).find(
      (file) => file.startsWith(`${name}-`) && file.endsWith('.js'),
    )
    if (!file) throw new Error(`The victim has no chunk ${name}.`)
    return `/assets/${file}`
  }
  const words: Words = {
    evil: shape.at ? `${shape.at}://${EVIL_HOST}:8443` : evil.origin,
    entryChunk: chunk('index'),
    staticChunk: chunk('title'),
    lazyChunk: chunk('lazy'),
    appSha384: appIntegrity(readFileSync(join(dir, chunk('index')))),
  }
  for (const vector of vectors) {
    const { at } = vector
    const page = isSink(at) ? html : inject(html, fill(vector.markup, vector, words), at)
    writeTree(dir, { [`${vector.id}.html`]: page, ...evilFiles(vector) })
  }
  const behind = await serve({ dir })
  const headersOf = await hostHeaders(dir)
  const front = await serveFront(behind.origin, (path) => (isGallery(path) ? {} : headersOf(path)))
  const galleries = new Set<string>()
  return {
    shape,
    host: [hostOf(shape), front.origin],
    gallery(shown, engine) {
      const name = `gallery-${shown[0]?.id}.html`
      // Another browser may be reading it.
      if (!galleries.has(name))
        writeTree(dir, { [name]: galleryPage(shown, (text, vector) => fill(text, vector, words)) })
      galleries.add(name)
      // WebKit runs no script of a plain-http host that the policy does not name.
      const isMadeUp = shape.at !== undefined && (shape.at === 'https' || engine !== 'webkit')
      return `${isMadeUp ? `${shape.at}://${hostOf(shape)}:8080` : front.origin}/${name}`
    },
    async close() {
      await front.close()
      await behind.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** The headers that Netlify's own parser reads out of the site's `_headers`, if there is one. */
async function hostHeaders(dir: string): Promise<(path: string) => Record<string, string>> {
  const file = join(dir, '_headers')
  if (!existsSync(file)) return () => ({})
  const parsed = await parseAllHeaders({ headersFiles: [file], configHeaders: [], minimal: false } as never)
  if (parsed.errors.length > 0) throw new AggregateError(parsed.errors)
  const rules = parsed.headers as { forRegExp: RegExp; values: Record<string, string> }[]
  return (path) =>
    Object.assign({}, ...rules.filter(({ forRegExp }) => forRegExp.test(path)).map(({ values }) => values))
}

const ANCHORS = {
  head: ['<script', 'before'],
  'body-start': ['<body>', 'after'],
  'body-end': ['<!-- end of page -->', 'before'],
} as const

/** Into the finished page, as a careless server or a forgotten escape would put it. */
function inject(html: string, markup: string, at: keyof typeof ANCHORS): string {
  const [anchor, side] = ANCHORS[at]
  const index = html.indexOf(anchor)
  if (index === -1) throw new Error(`The page has no ${anchor}.`)
  const offset = side === 'before' ? index : index + anchor.length
  return html.slice(0, offset) + markup + html.slice(offset)
}
