import { createHash } from 'node:crypto'
import type { Vector } from './vector.ts'

/** What the words of a vector's markup stand for in one scene. */
export interface Words {
  readonly evil: string
  readonly entryChunk: string
  readonly staticChunk: string
  readonly lazyChunk: string
  /** Integrity metadata of the entry, which policies with file hashes list. */
  readonly appSha384: string
}

/** Runs only where it can reach the top document: in the site's own origin. */
const mark = (id: string): string => `void(top.ran.${id}=1)`

/** As a classic script, as a module, and in a worker, which sees no document. */
const scriptOf = (id: string): string =>
  `self.document?${mark(id)}:new BroadcastChannel('ran').postMessage('${id}')`

/** It has every export that a chunk can have, or it would not link in a chunk's place. */
const moduleOf = (id: string): string => {
  const names = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return `${scriptOf(id)};const all=()=>{};export{${names.map((name) => `all as ${name}`).join(',')}}`
}

const integrity = (algorithm: string, text: string): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`

/** The attacker's code in every form that a vector may ask for: what an attacker serves, or has uploaded. */
export function evilFiles({ id }: Vector): Record<string, string> {
  return {
    [`up/${id}.js`]: scriptOf(id),
    [`mod/${id}.js`]: moduleOf(id),
    [`up/${id}.css`]: ':root{color:red}',
    [`up/${id}.html`]: `<!doctype html><script>${mark(id)}</script>`,
    [`up/${id}.svg`]: `<svg xmlns="http://www.w3.org/2000/svg"><script>${mark(id)}</script></svg>`,
    [`up/${id}.xml`]: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>${mark(id)}</script></html>`,
  }
}

/** Fills in the upper-case words, each once: what is filled in is not read again. */
export function fill(text: string, { id }: Vector, words: Words): string {
  const values: Record<string, string> = {
    MARK: mark(id),
    ID: id,
    EVIL: words.evil,
    EVIL_HOST: new URL(words.evil).host,
    EVIL_JS: `${words.evil}/up/${id}.js`,
    OWN_JS: `/up/${id}.js`,
    DATA_JS: `data:text/javascript,${mark(id)}`,
    ENTRY_CHUNK: words.entryChunk,
    STATIC_CHUNK: words.staticChunk,
    LAZY_CHUNK: words.lazyChunk,
    APP_SHA384: words.appSha384,
    EVIL_SHA384: integrity('sha384', scriptOf(id)),
    EVIL_SHA512: integrity('sha512', scriptOf(id)),
    MODULE_SHA384: integrity('sha384', moduleOf(id)),
  }
  return text.replace(/[A-Z]+(?:_[A-Z0-9]+)?/g, (word) =>
    Object.hasOwn(values, word) ? (values[word] ?? '') : word,
  )
}

export function appIntegrity(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}
