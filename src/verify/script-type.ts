/** How a browser treats a script element. */
export type ScriptType = 'classic' | 'module' | 'importmap' | 'speculationrules' | 'data'

/** @see https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const javascriptTypes = new Set([
  'application/ecmascript',
  'application/javascript',
  'application/x-ecmascript',
  'application/x-javascript',
  'text/ecmascript',
  'text/javascript',
  'text/javascript1.0',
  'text/javascript1.1',
  'text/javascript1.2',
  'text/javascript1.3',
  'text/javascript1.4',
  'text/javascript1.5',
  'text/jscript',
  'text/livescript',
  'text/x-ecmascript',
  'text/x-javascript',
])

/** @see https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element */
export function scriptType(attributes: ReadonlyMap<string, string>, inSvg: boolean): ScriptType {
  const type = attributes.get('type')
  const language = inSvg ? undefined : attributes.get('language')
  let name = 'text/javascript'
  if (type !== undefined && type !== '') name = type.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase()
  else if (type === undefined && language) name = `text/${language.toLowerCase()}`
  if (javascriptTypes.has(name)) return 'classic'
  if (name === 'module' || name === 'importmap' || name === 'speculationrules') return name
  return 'data'
}

/** The obsolete `<script for event>` runs only on window load, but CSP checks its text before that condition. */
export function isObsoleteEvent(attributes: ReadonlyMap<string, string>): boolean {
  const target = attributes.get('for')
  const event = attributes.get('event')
  if (target === undefined || event === undefined) return false
  return target.trim().toLowerCase() !== 'window' || !/^onload(\(\))?$/i.test(event.trim())
}
