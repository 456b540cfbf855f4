import { positionOf } from '../core/text/code-frame.ts'
import type { SourceReason } from '../core/site/model.ts'

/** The text of a page, from which line numbers and excerpts are taken. */
export type PageText = (page: string) => string | undefined

const MOST_CHARACTERS = 60

export function firstCharacters(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > MOST_CHARACTERS ? `${flat.slice(0, MOST_CHARACTERS)}…` : flat
}

/** Describes in words why a source expression is in a policy. */
export function reasonText(reason: SourceReason, pageText: PageText): string {
  switch (reason.kind) {
    case 'inline': {
      const source = pageText(reason.page)
      if (source === undefined) return `inline ${reason.what} of ${reason.page}`
      const { start, end } = reason.span
      if (start === end) return `${reason.what} written into ${reason.page}`
      const { line, column } = positionOf(source, start)
      return `inline ${reason.what} at ${reason.page}:${line}:${column}: ${firstCharacters(source.slice(start, end))}`
    }
    case 'file':
      return `file ${reason.file}`
    case 'directory':
      return `scripts of the build lie in ${reason.directory}`
    case 'shape':
      return `the ${reason.shape} shape`
    case 'preset':
      return `the preset ${reason.preset}`
    case 'option':
      return `your option ${reason.option}`
    case 'need':
      return `the build needs it: ${reason.need}`
  }
}
