import { createHash } from 'node:crypto'
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import type { RefusalCode, VerifySite } from '../../src/verify/index.ts'

/** A good site with one thing wrong, and the codes of which one at least must be found. */
export interface Mutation {
  readonly name: string
  readonly site: VerifySite
  readonly codes: readonly RefusalCode[]
}

interface Found {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly start: number
  readonly end: number
  readonly text: string
  readonly textStart: number
}

function elementsOf(html: string): Found[] {
  const found: Found[] = []
  const stack: Tree.Node[] = [parse(html, { sourceCodeLocationInfo: true })]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ('tagName' in node && node.sourceCodeLocation) {
      const location = node.sourceCodeLocation
      const textStart = location.startTag?.endOffset ?? location.endOffset
      found.push({
        name: node.tagName,
        attributes: new Map(node.attrs.map(({ name, value }) => [name, value])),
        start: location.startOffset,
        end: location.endOffset,
        text: html.slice(textStart, location.endTag?.startOffset ?? textStart),
        textStart,
      })
    }
    if ('childNodes' in node) stack.push(...node.childNodes.toReversed())
  }
  return found
}

function splice(text: string, start: number, end: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(end)
}

function withFile(site: VerifySite, path: string, content: string | undefined): VerifySite {
  const bytes = content === undefined ? undefined : Buffer.from(content)
  return { ...site, read: (asked) => (asked === path ? bytes : site.read(asked)) }
}

/** Another character of the alphabet in the middle of a hash: still a hash, of something else. */
function spoil(text: string, at: number): string {
  return splice(text, at + 20, at + 21, text[at + 20] === 'A' ? 'B' : 'A')
}

const hashes = /sha(?:256|384|512)-[\w+/-]{43,}={0,2}/g
const isPolicy = (element: Found) =>
  element.name === 'meta' && /^content-security-policy$/i.test(element.attributes.get('http-equiv') ?? '')
const isModule = (element: Found) => element.name === 'script' && element.attributes.get('type') === 'module'
const isClassic = ({ name, attributes, text }: Found) =>
  name === 'script' &&
  !attributes.has('type') &&
  !attributes.has('src') &&
  !attributes.has('nomodule') &&
  text !== ''

/** One byte more in a file, or no file. */
function fileMutations(site: VerifySite, files: Iterable<string>): Mutation[] {
  return [...files].flatMap((path): Mutation[] => {
    const text = Buffer.from(site.read(path) ?? []).toString()
    return [
      {
        name: `a byte appended to ${path}`,
        site: withFile(site, path, `${text}\n`),
        codes: ['integrity-mismatch'],
      },
      { name: `${path} deleted`, site: withFile(site, path, undefined), codes: ['file-missing'] },
    ]
  })
}

function pageMutations(site: VerifySite, page: string): Mutation[] {
  const html = Buffer.from(site.read(page) ?? []).toString()
  const elements = elementsOf(html)
  const mutations: Mutation[] = []
  const add = (name: string, changed: string, ...codes: RefusalCode[]) =>
    mutations.push({ name: `${page}: ${name}`, site: withFile(site, page, changed), codes })
  const headEnd = html.search(/<\/head>/i)
  const body = elements.find(({ name }) => name === 'body')

  for (const element of elements) {
    const source = html.slice(element.start, element.end)
    if (isPolicy(element)) {
      const without = splice(html, element.start, element.end, '')
      const bodyAt = (body?.textStart ?? 0) - source.length
      add(
        'the policy taken out',
        without,
        'policy-missing',
        'inline-script-allowed',
        'foreign-script-allowed',
      )
      add(
        'the policy at the end of head',
        splice(without, headEnd - source.length, headEnd - source.length, source),
        'policy-after-content',
      )
      add('the policy in the body', splice(without, bodyAt, bodyAt, source), 'policy-in-body')
      for (const match of source.matchAll(hashes)) {
        const at = element.start + match.index
        add(
          `${match[0].slice(0, 14)} of the policy spoilt`,
          spoil(html, at),
          'inline-script-blocked',
          'import-map-blocked',
          'external-script-blocked',
          'parser-inserted-import',
          'hash-unused',
        )
      }
      if (source.includes("'unsafe-inline'") && !hashes.test(source)) {
        const fenced = source.replace("'unsafe-inline'", `'unsafe-inline' 'sha256-${'A'.repeat(43)}='`)
        add('the fence given a hash', splice(html, element.start, element.end, fenced), 'fence-broken')
        const nonced = source.replace("'unsafe-inline'", "'unsafe-inline' 'nonce-abc'")
        add('the fence given a nonce', splice(html, element.start, element.end, nonced), 'fence-broken')
      }
      hashes.lastIndex = 0
    }
    if (isClassic(element)) {
      add(
        'the text of an inline script changed',
        splice(html, element.textStart, element.textStart, ';'),
        'inline-script-blocked',
      )
    }
    if (element.attributes.has('integrity')) {
      const attribute = /\s+integrity=("[^"]*"|'[^']*'|[^\s>]+)/i
      // A pin of the import map stands in for the attribute of a script or modulepreload.
      const hash = element.attributes.get('integrity') ?? ''
      const covered = elements.some(
        (other) => other.attributes.get('type') === 'importmap' && other.text.includes(hash),
      )
      if (!covered || element.attributes.get('rel') === 'stylesheet')
        add(
          'an integrity attribute removed',
          splice(html, element.start, element.end, source.replace(attribute, '')),
          'integrity-missing',
          'external-script-blocked',
          'modulepreload-blocked',
        )
      add(
        'an integrity attribute spoilt',
        spoil(html, element.start + source.search(hashes)),
        'integrity-mismatch',
        'external-script-blocked',
        'modulepreload-blocked',
      )
    }
    if (element.name === 'script' && element.attributes.get('type') === 'importmap') {
      add(
        'the import map changed',
        splice(html, element.textStart, element.textStart, ' '),
        'import-map-blocked',
      )
      const last = elements.findLast(isModule)
      if (last !== undefined && last.start > element.end) {
        const moved =
          html.slice(0, element.start) + html.slice(element.end, last.end) + source + html.slice(last.end)
        add('the import map after the module script', moved, 'import-map-late')
      }
      mutations.push(...mapMutations(site, page, html, element))
    }
  }
  const at = body?.textStart ?? headEnd
  add('an inline script injected', splice(html, at, at, '<script>alert(1)</script>'), 'inline-script-blocked')
  add(
    'an inline module injected',
    splice(html, at, at, '<script type=module>alert(1)</script>'),
    'inline-script-blocked',
  )
  add('a handler injected', splice(html, at, at, '<img src=x onerror=alert(1)>'), 'handler-blocked')
  add(
    'a foreign script injected',
    splice(html, at, at, '<script src=https://evil.example/x.js></script>'),
    'external-script-blocked',
  )
  add('a base injected', splice(html, at, at, '<base href=https://evil.example/>'), 'base-blocked')
  return mutations
}

/** One pin of the import map taken out or spoilt, its hash in the policies kept right, so that only the pin is wrong. */
function mapMutations(site: VerifySite, page: string, html: string, element: Found): Mutation[] {
  const map = JSON.parse(element.text) as { integrity?: Record<string, string> }
  return Object.keys(map.integrity ?? {}).flatMap((key): Mutation[] => {
    const integrity = { ...map.integrity }
    const spoilt = { ...integrity, [key]: spoil(integrity[key] ?? '', 0) }
    const stale = { ...integrity, [key.replace(/(\.\w+)$/, '-gone$1')]: integrity[key] ?? '' }
    delete integrity[key]
    const change = (pins: Record<string, string>) =>
      withImportMap(site, page, html, element, JSON.stringify({ ...map, integrity: pins }))
    // An attribute of the page pins the same file.
    const covered = elementsOf(html).some(
      ({ attributes }) => attributes.get('integrity') === map.integrity?.[key],
    )
    const removed: Mutation = {
      name: `${page}: the pin of ${key} removed`,
      site: change(integrity),
      codes: ['integrity-missing', 'parser-inserted-import', 'hash-unused', 'preload-dependent-import'],
    }
    return [
      ...(covered ? [] : [removed]),
      { name: `${page}: the pin of ${key} spoilt`, site: change(spoilt), codes: ['integrity-stale'] },
      { name: `${page}: a stale pin beside ${key}`, site: change(stale), codes: ['integrity-stale'] },
    ]
  })
}

function digest(algorithm: string, content: string): string {
  return createHash(algorithm).update(content).digest('base64')
}

/** Another text for an import map, and its new hash wherever the old one stood: page and headers. */
function withImportMap(
  site: VerifySite,
  page: string,
  html: string,
  element: Found,
  text: string,
): VerifySite {
  const rehash = (old: string) =>
    ['sha256', 'sha384', 'sha512'].reduce(
      (result, algorithm) => result.replaceAll(digest(algorithm, element.text), digest(algorithm, text)),
      old,
    )
  const changed = splice(html, element.textStart, element.textStart + element.text.length, text)
  return {
    ...withFile(site, page, rehash(changed)),
    headers: (path, file) =>
      [...(site.headers?.(path, file) ?? [])].map(([name, value]) => [name, rehash(value)] as const),
  }
}

/** A header policy with one hash spoilt, or no header. */
function headerMutations(site: VerifySite): Mutation[] {
  const sample = [...(site.headers?.('/', 'index.html') ?? [])]
  const policy = sample.find(([name]) => /^content-security-policy$/i.test(name))?.[1]
  if (policy === undefined) return []
  const send = (value: string | undefined): VerifySite => ({
    ...site,
    headers: (path, file) =>
      [...(site.headers?.(path, file) ?? [])].flatMap(([name, old]) =>
        old !== policy ? [[name, old] as const] : value === undefined ? [] : [[name, value] as const],
      ),
  })
  return [
    { name: 'no header', site: send(undefined), codes: ['policy-missing'] },
    ...[...policy.matchAll(hashes)].map((match): Mutation => ({
      name: `${match[0].slice(0, 14)} of the header spoilt`,
      site: send(spoil(policy, match.index)),
      codes: [
        'inline-script-blocked',
        'import-map-blocked',
        'external-script-blocked',
        'parser-inserted-import',
        'hash-unused',
      ],
    })),
  ]
}

/**
 * Everything that can go wrong with a good site, one thing at a time. `files`: the scripts, chunks and styles of the
 * site that are pinned: not its workers, which nothing can pin.
 */
export function mutations(site: VerifySite, files: Iterable<string>): Mutation[] {
  return [
    ...fileMutations(site, files),
    ...[...site.pages()].flatMap((page) => pageMutations(site, page)),
    ...headerMutations(site),
  ]
}
