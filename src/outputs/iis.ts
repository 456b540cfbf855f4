import { childrenNamed, parseXml, type XmlElement } from '../bounded/xml.ts'
import type { HeaderField } from './fields.ts'
import { insertLines, lineBreakOf, linesOf } from './marked-lines.ts'
import { mergedFileOutput, type OwnHeader, Unusable } from './merged-file.ts'

const FILE = 'web.config'
const PATH = ['system.webServer', 'httpProtocol', 'customHeaders'] as const

const SKELETON = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <system.webServer>
  </system.webServer>
</configuration>
`

const quoted = (value: string): string =>
  `"${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}"`

function rootOf(text: string): XmlElement {
  let root: XmlElement
  try {
    root = parseXml(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unusable(`it is not XML: ${error.message}`, 0)
    throw error
  }
  if (root.name !== 'configuration') throw new Unusable('its root is no <configuration>', root.start)
  return root
}

/** Removes each header first: if the server already sends it, adding it again makes every request fail. */
const linesFor = (fields: readonly HeaderField[]): string[] =>
  fields.flatMap(({ name, value }) => [
    `<remove name=${quoted(name)} />`,
    `<add name=${quoted(name)} value=${quoted(value)} />`,
  ])

function wrapped(names: readonly string[], lines: readonly string[], unit: string): string[] {
  const [name, ...inner] = names
  if (name === undefined) return [...lines]
  return [`<${name}>`, ...wrapped(inner, lines, unit).map((line) => unit + line), `</${name}>`]
}

/** Inserts lines at the end of an element. */
function insertInto(text: string, element: XmlElement, lines: readonly string[], unit: string): string {
  const { name, start, contentStart, contentEnd } = element
  if (text.slice(contentStart - 2, contentStart) === '/>') {
    const tag = text.slice(start, contentStart).replace(/\s*\/>$/, '>')
    const expanded = `${text.slice(0, start)}${tag}</${name}>${text.slice(contentStart)}`
    const end = start + tag.length
    return insertInto(expanded, { ...element, contentStart: end, contentEnd: end }, lines, unit)
  }
  const lineStart = text.lastIndexOf('\n', contentEnd - 1) + 1
  const indent = text.slice(lineStart, contentEnd)
  if (lineStart > 0 && indent.trim() === '') {
    return insertLines(
      text,
      lineStart,
      lines.map((line) => indent + unit + line),
    )
  }
  const lineBreak = lineBreakOf(text)
  const broken = text.slice(0, contentEnd) + lineBreak + text.slice(contentEnd)
  return insertInto(broken, { ...element, contentEnd: contentEnd + lineBreak.length }, lines, unit)
}

/** The `customHeaders` elements of the file itself and of each `<location>`. */
function* sectionsOf(
  root: XmlElement,
): Generator<{ readonly location: string; readonly headers: XmlElement }> {
  const places = [root, ...childrenNamed(root, 'location')]
  for (const place of places) {
    const location = place === root ? '' : (place.attributes.get('path') ?? '')
    const found = PATH.reduce<readonly XmlElement[]>(
      (elements, name) => elements.flatMap((one) => childrenNamed(one, name)),
      [place],
    )
    for (const headers of found) yield { location: location === '.' ? '' : location, headers }
  }
}

function present(text: string, pages: readonly string[]): OwnHeader[] {
  const generated = linesOf(text).filter((line) => line.generated)
  const isOwn = ({ start }: XmlElement): boolean =>
    !generated.some((line) => line.start <= start && start < line.end)
  return [...sectionsOf(rootOf(text))].flatMap(({ location, headers }) => {
    const folder = location.toLowerCase().replace(/\/?$/, '/')
    const covers = location === '' || pages.some((page) => `${page.toLowerCase()}/`.startsWith(folder))
    if (!covers) return []
    return headers.children.filter(isOwn).flatMap(({ name, attributes, start }) => {
      if (name !== 'add' && name !== 'remove') return []
      const header = attributes.get('name') ?? ''
      const sent = name === 'add' && location === ''
      return [{ name: header, path: location || FILE, everywhere: sent, offset: start }]
    })
  })
}

/**
 * `customHeaders` in the `web.config` of the deployed folder.
 * @see https://learn.microsoft.com/iis/configuration/system.webserver/httpprotocol/customheaders/
 */
export const iis = mergedFileOutput({
  name: 'iis',
  file: FILE,
  root: 'site',
  limits: {
    host: 'IIS',
    joinsRepeated: false,
    onePolicy: 'IIS finds out which page answers / when it has already decided about its headers',
  },
  // The default. MaxWebConfigFileSizeInKB in the registry can change it.
  size: 250 * 1024,
  skeleton: SKELETON,
  present,
  merge(own, { fields }) {
    if (fields.length === 0) return own
    let element = rootOf(own)
    let depth = 0
    for (; depth < PATH.length; depth++) {
      const [child] = childrenNamed(element, PATH[depth] ?? '')
      if (!child) break
      element = child
    }
    const unit = /\n([ \t]+)</.exec(own)?.[1] ?? '  '
    const lines = wrapped(PATH.slice(depth), linesFor(fields), unit)
    return insertInto(own, element, ['<!-- csp-hashes:begin -->', ...lines, '<!-- csp-hashes:end -->'], unit)
  },
  notes: [],
})
