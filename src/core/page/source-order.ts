import type { Source } from '../site/model.ts'

const placeOf = ({ reason }: Source): number => (reason.kind === 'inline' ? reason.span.start : 0)

const fileOf = ({ reason }: Source): string => (reason.kind === 'file' ? reason.file : '')

/** The order in which inline scripts stand in the page. */
export const byPlace = (a: Source, b: Source): number => placeOf(a) - placeOf(b)

/** The order of the import map, whichever tag or import a file was met in first. */
export const byFile = (a: Source, b: Source): number =>
  fileOf(a) < fileOf(b) ? -1 : fileOf(a) > fileOf(b) ? 1 : 0
