import type { FindingPlace } from '../findings/index.ts'
import type { ScannedPage } from '../site/model.ts'
import { offsetAt, type Position } from '../text/code-frame.ts'
import { originalPosition } from './original-position.ts'
import type { Violation } from './violation.ts'
import type { OwnFile, ServedScript, ViolationSite } from './violation-site.ts'

const INSTALLED = /(?:^|[\\/])node_modules[\\/]/

const placed = ({ file, text }: OwnFile, offset: number): FindingPlace => ({ file, source: text, offset })

/** Offset of a text, if it occurs exactly once. */
function onlyIndex(text: string, wanted: string): number | undefined {
  const at = wanted === '' ? -1 : text.indexOf(wanted)
  return at === -1 || text.includes(wanted, at + 1) ? undefined : at
}

/** The place of a position in a script, in the source file that the script was made from. */
export function placeInScript(site: ViolationSite, script: ServedScript, position: Position): FindingPlace {
  const original = script.map === undefined ? undefined : originalPosition(script.map, position)
  const own = original && site.source(original.source, script)
  return own && original
    ? placed(own, offsetAt(own.text, original))
    : placed(script, offsetAt(script.text, position))
}

/** The place of a position in a page, in the user's own file: found by searching for the text at that position. */
function inPage(site: ViolationSite, page: ScannedPage, position: Position): FindingPlace {
  const offset = offsetAt(page.source, position)
  const served = { file: page.path, source: page.source, offset }
  const own = site.source(page.path)
  if (!own) return served
  const script = page.resources.find(
    (one) => one.kind === 'inline-script' && one.textSpan.start <= offset && offset <= one.textSpan.end,
  )
  const start =
    script?.kind === 'inline-script' ? script.textSpan.start : page.source.lastIndexOf('\n', offset - 1) + 1
  const end = script?.kind === 'inline-script' ? script.textSpan.end : page.source.indexOf('\n', offset)
  const at = onlyIndex(own.text, page.source.slice(start, end === -1 ? undefined : end))
  return at === undefined ? served : placed(own, at + offset - start)
}

/** The place that the browser reported. */
function reported(site: ViolationSite, { source, line, column }: Violation): FindingPlace | undefined {
  if (source === '' || line === 0) return undefined
  const position = { line, column: Math.max(column, 1) }
  const script = site.script(source)
  if (script) return placeInScript(site, script, position)
  const page = site.page(source)
  return page && inPage(site, page, position)
}

/** Searches the user's own files for the first of these texts that occurs in one of them. */
function written(site: ViolationSite, texts: readonly string[]): FindingPlace | undefined {
  const files = [...site.own()]
  for (const text of texts) {
    for (const own of files) {
      const at = text.length < 4 ? -1 : own.text.indexOf(text)
      if (at !== -1) return placed(own, at)
    }
  }
  return undefined
}

/**
 * Ways in which code may write a URL, the most complete first: without its query, without its scheme, only its
 * origin.
 */
function spellings(url: string): string[] {
  if (!URL.canParse(url)) return []
  const { origin, host, pathname, search } = new URL(url)
  return [url, `${origin}${pathname}${search}`, `${origin}${pathname}`, `//${host}${pathname}`, origin]
}

/**
 * The place that caused a violation. Chromium does not report the place of an image or a handler, and calls
 * through a framework are reported inside the framework; in these cases the user's files are searched for the
 * blocked URL or text.
 */
export function placeOf(site: ViolationSite, violation: Violation): FindingPlace | undefined {
  const place = reported(site, violation)
  if (place && !INSTALLED.test(place.file)) return place
  const { blocked, sample, text = sample } = violation
  return written(site, /^[a-z-]+$/.test(blocked) ? [text] : spellings(blocked)) ?? place
}
