import { createHash } from 'node:crypto'
import { APP } from './app.ts'
import type { Fixture } from './fixtures.ts'
import type { Told } from './hub.ts'

const MARK = 'tampered'
const COLOR = 'rgb(9, 9, 9)'
const MAP = /<script type="importmap"[^]*?<\/script>/
const SECOND = `mark('second')`

/** With a second inline script: when the first one is refused, nobody is left to tell. */
export function withSecond(fixture: Fixture): Fixture {
  const html = fixture.files?.['index.html'] ?? APP['index.html']!
  const files = {
    ...fixture.files,
    'index.html': html.replace('</body>', `<script>${SECOND}</script></body>`),
  }
  return { ...fixture, files }
}

/** What is changed: a file by its name without the hash of its content, or an inline script by its page and text. */
export interface Target {
  readonly name: string
  /** The page that shows whether the change took effect. */
  readonly page: string
  isFile(path: string): boolean
  change(bytes: Buffer): Buffer
  readonly effect: string
  /** Without it the page cannot tell anything. */
  readonly tells: boolean
}

const stem = (path: string): string => path.replace(/[-.][\w-]{8}(\.\w+)$/, '$1')

/** Import maps do not reach into workers, and today's browsers do not load the bundle for old ones. */
function isLoaded(path: string, fixture: Fixture): boolean {
  if (!/\.(?:js|css)$/.test(path) || /worker|data-module/.test(path)) return false
  return fixture.name !== 'legacy, the modern bundle' || !path.includes('-legacy-')
}

function fileTarget(path: string, page: string): Target {
  const name = stem(path)
  const isStyle = path.endsWith('.css')
  const more = isStyle ? `\np { color: ${COLOR} !important }` : `\n;window.mark('${MARK}')`
  return {
    name: `${name} in ${page}`,
    page,
    isFile: (path) => stem(path) === name,
    change: (bytes) => Buffer.concat([bytes, Buffer.from(more)]),
    effect: isStyle ? COLOR : MARK,
    tells: true,
  }
}

/** Inline scripts that today's browsers run. */
function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script((?:\s[^>]*)?)>([^<]+)<\/script>/g)]
    .filter(([, attributes]) => !/nomodule|\stype="?(?!module)/.test(attributes!))
    .map(([, , text]) => text!)
}

function inlineTarget(text: string, page: string): Target {
  const id = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return {
    name: `inline script ${id} in ${page}`,
    page,
    isFile: (path) => path === page,
    // A loader may come before the script that makes `mark`.
    change: (bytes) =>
      Buffer.from(bytes.toString().replace(text, () => `${text}\n;setTimeout(() => mark('${MARK}'))`)),
    effect: MARK,
    tells: !text.includes('window.marks = []'),
  }
}

/** Everything in a build that a browser would run or apply and that can be pinned. */
export function targetsIn(files: Readonly<Record<string, Buffer>>, fixture: Fixture): Target[] {
  const pages = Object.keys(files)
    .filter((path) => path.endsWith('.html'))
    .map((path) => ({ path, html: files[path]!.toString() }))
  const index = pages.find(({ path }) => path === 'index.html') ?? pages[0]!
  const scripts = Object.keys(files)
    .filter((path) => isLoaded(path, fixture))
    .map((path) => {
      const name = path.split('/').at(-1)!
      // An import map may list what the page itself does not load.
      const loads = ({ html }: { html: string }) => html.replace(MAP, '').includes(name)
      const mayLoad = ({ html }: { html: string }) => html.includes(name)
      const page = [index, ...pages].find(loads) ?? [index, ...pages].find(mayLoad) ?? index
      return fileTarget(path, page.path)
    })
  const inline = pages.flatMap(({ path, html }) =>
    inlineScripts(html).map((text) => inlineTarget(text, path)),
  )
  return [...scripts, ...inline]
}

export const shows = ({ marks, colors }: Told, { effect }: Target): boolean =>
  marks.includes(effect) || colors.includes(effect)
