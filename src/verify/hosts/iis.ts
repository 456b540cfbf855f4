import { childrenNamed, parseXml, type XmlElement } from '../../bounded/xml.ts'
import { type Header, type HostFile, type HostProblem, isPolicy, isRead, lineAt } from './host-file.ts'
import { unreadable } from './json.ts'

const FILE = 'web.config'

/** The maximum size of the file. With a larger file, IIS answers every request with an error. */
const MOST_BYTES = 250 * 1024

const customHeaders = (section: XmlElement): readonly XmlElement[] =>
  ['system.webServer', 'httpProtocol', 'customHeaders'].reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap((element) => childrenNamed(element, name)),
    [section],
  )

/** The settings of a `<location>`, which apply to its path and everything below it. */
interface Section {
  readonly path: string
  readonly entries: readonly XmlElement[]
}

const covers = ({ path }: Section, file: string | undefined): boolean =>
  path === '' ||
  (file !== undefined && `${file}/`.toLowerCase().startsWith(`${path.toLowerCase().replace(/\/$/, '')}/`))

/** @see https://learn.microsoft.com/iis/configuration/system.webserver/httpprotocol/customheaders/ */
export const iis: HostFile = {
  host: 'iis',
  files: [FILE],
  root: 'site',
  unseen: 'what the server and the folders above it set',
  read(textOf) {
    const text = textOf(FILE) ?? ''
    const size = Buffer.byteLength(text)
    if (size > MOST_BYTES) return unreadable(FILE, `it has ${size} bytes, and IIS takes ${MOST_BYTES}`)
    let root: XmlElement
    try {
      root = parseXml(text)
    } catch (error) {
      return unreadable(FILE, String(error instanceof Error ? error.message : error))
    }
    const problems: HostProblem[] = []
    const sections = [root, ...childrenNamed(root, 'location')].flatMap((element): Section[] => {
      const path = element === root ? '' : (element.attributes.get('path') ?? '')
      return customHeaders(element).map(({ children }) => ({
        path: path === '.' ? '' : path,
        entries: children,
      }))
    })
    for (const section of sections) {
      const known = new Set<string>()
      for (const { name, attributes, start } of section.entries) {
        const header = (attributes.get('name') ?? '').toLowerCase()
        if (name === 'clear') known.clear()
        if (name === 'remove') known.delete(header)
        if (name !== 'add') continue
        const message = `${header} is added twice: IIS answers every request with an error.`
        if (known.has(header)) problems.push({ file: FILE, line: lineAt(text, start), message, fatal: true })
        else if (isPolicy(header) && !/^[ -~]*$/.test(attributes.get('value') ?? ''))
          problems.push({
            file: FILE,
            line: lineAt(text, start),
            message: 'The value is no header value.',
            fatal: false,
          })
        known.add(header)
      }
    }
    return {
      problems,
      headers({ file }) {
        const sent = new Map<string, string>()
        for (const { entries } of sections.filter((section) => covers(section, file))) {
          for (const { name, attributes } of entries) {
            const header = (attributes.get('name') ?? '').toLowerCase()
            if (name === 'clear') sent.clear()
            else if (name === 'remove') sent.delete(header)
            else if (name === 'add' && isRead(header)) sent.set(header, attributes.get('value') ?? '')
          }
        }
        return [...sent].map(([name, value]): Header => [name, value])
      },
    }
  },
}
