import type { Options } from '../../src/index.ts'

/** How a victim is built, and so how its policy reaches the browser. */
export interface Shape {
  /** Heading of its column in the docs. */
  readonly name: string
  /** `undefined`: the build without the plugin. */
  readonly options: Options | undefined
  /**
   * Where the victim is served: `localhost`, or a host and port made up for it, in the engines that its policy lets
   * run there.
   */
  readonly at?: 'http' | 'https'
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
  { name: 'strict, meta', options: { scripts: 'strict' }, at: 'http', zero: true },
  { name: 'strict, header', options: { scripts: 'strict', output: 'netlify' }, at: 'https', zero: true },
]

/**
 * The shapes that are attacked: without a word those that must let nothing through, since each costs a minute and more.
 * With `ATTACK=all` the others too, whose columns of the docs are taken as they stand else.
 */
export const ATTACKED: readonly Shape[] = SHAPES.filter(
  (shape) => shape.zero || shape === CONTROL || process.env['ATTACK'] === 'all',
)
