/**
 * Options in hints. A hint never spells an option itself: it writes `${option({ fence: false })}`, also inside a `way`
 * that is handed to a finding as data. The plugin then shows `fence: false`, the command `--no-fence`, and tests apply
 * `finding.options` and look whether the remedy works.
 *
 * ```ts
 * ({ url }) => `Pin it with ${option({ external: { [url]: 'sha384-…' } })}, or remove the tag.`
 * ```
 */
export type Setting = Readonly<Record<string, unknown>>

// These control characters cannot occur inside a mention, whatever a URL of the page contains: JSON escapes them.
const MENTION = /\u0001([^\u0001\u0002]*)\u0002/ // eslint-disable-line no-control-regex

/** Encodes options (as the plugin takes them) for use in the text of a hint. */
export function option(setting: Setting): string {
  return `\u0001${JSON.stringify(setting)}\u0002`
}

/** Formats a value as written in a configuration: `{ 'img-src': ['data:'] }`. */
function literal(value: unknown): string {
  if (typeof value === 'string') return value.includes("'") ? JSON.stringify(value) : `'${value}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{ ${optionText(value as Setting)} }`
  return String(value)
}

/** Formats options as written in a configuration: `external: { 'https://cdn.example': true }`. */
export function optionText(setting: Setting): string {
  return Object.entries(setting)
    .map(([name, value]) => `${/^[a-z]\w*$/i.test(name) ? name : literal(name)}: ${literal(value)}`)
    .join(', ')
}

/** Decodes a hint: its text with the options spelled out, and the mentioned options in order. */
export function readHint(hint: string): { readonly hint: string; readonly options: readonly Setting[] } {
  const parts = hint.split(MENTION)
  const options = parts.flatMap((part, index) => (index % 2 === 1 ? [JSON.parse(part) as Setting] : []))
  return {
    hint: parts.map((part, index) => (index % 2 === 1 ? optionText(JSON.parse(part)) : part)).join(''),
    options,
  }
}
