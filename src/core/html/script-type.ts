import type { ScriptType } from '../site/model.ts'

/** @see https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const JAVASCRIPT_MIME_TYPES: ReadonlySet<string> = new Set([
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

/** @see https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element (steps 8 to 13) */
export function scriptType(type: string | undefined, language: string | undefined): ScriptType {
  const written = type ?? (language ? `text/${language}` : '')
  // White space is trimmed to '', which is not a JavaScript type: only a truly empty type is.
  const essence = (written === '' ? 'text/javascript' : written)
    .replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '')
    .toLowerCase()
  if (JAVASCRIPT_MIME_TYPES.has(essence)) return 'classic'
  if (essence === 'module' || essence === 'importmap' || essence === 'speculationrules') return essence
  return 'data'
}

/** The obsolete `<script for event>`: a classic script with both attributes runs only for the window's load event. */
export function isForAnotherEvent(target: string | undefined, event: string | undefined): boolean {
  if (target === undefined || event === undefined) return false
  return target.trim().toLowerCase() !== 'window' || !/^onload(\(\))?$/i.test(event.trim())
}
