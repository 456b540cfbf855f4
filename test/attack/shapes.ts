import type { Options } from '../../src/index.ts'

/** How a victim is built, and so how its policy reaches the browser. */
export interface Shape {
  /** Heading of its column in the docs. */
  readonly name: string
  /** `undefined`: the build without the plugin. */
  readonly options: Options | undefined
  /** Nothing injected may execute, and the app must work beside all of it. */
  readonly zero: boolean
}

export const CONTROL: Shape = { name: 'no policy', options: undefined, zero: false }

/** The table: a further shape is one more row here, and a column in the docs. */
export const SHAPES: readonly Shape[] = [
  CONTROL,
  { name: 'dynamic', options: { scripts: 'dynamic' }, zero: false },
  { name: 'dynamic, fence', options: { scripts: 'dynamic', fence: true }, zero: false },
  { name: 'loader, fence', options: { scripts: 'loader' }, zero: false },
  { name: 'strict, meta', options: { scripts: 'strict' }, zero: true },
  { name: 'strict, header', options: { scripts: 'strict', output: 'netlify' }, zero: true },
]
