import type { Engine } from '../browsers/index.ts'
import type { SinkName } from './sinks.ts'

/**
 * One way in which markup, or a value that an app trusts, could run an attacker's code.
 *
 * Upper-case words in `markup`, `hash` and `act` are filled in:
 *
 * | word | becomes |
 * |---|---|
 * | `MARK` | the attacker's code, without quotes, spaces or `#`, so that it fits into any attribute |
 * | `EVIL` | the attacker's origin |
 * | `EVIL_JS` | the same code as a script of that origin |
 * | `OWN_JS` | the same as a file that was uploaded to the site, outside the directory of the build's scripts |
 * | `DATA_JS` | the same as a `data:` URL |
 * | `ENTRY_CHUNK`, `STATIC_CHUNK`, `LAZY_CHUNK` | paths of the app's own chunks |
 * | `APP_SHA384`, `EVIL_SHA384`, … | integrity metadata of the app's entry, of the attacker's script |
 * | `ID` | the vector's id |
 */
export interface Vector {
  readonly id: string
  /** What is tried, for the table of the docs. */
  readonly what: string
  readonly markup: string
  /**
   * Where it stands: in the head before the app's own tags, first or last in the body, or handed by the app's own
   * code to a sink.
   */
  readonly at: 'head' | 'body-start' | 'body-end' | SinkName
  /** Fragment of the page's address, where that is not the sink's value. */
  readonly hash?: string
  /** What the visitor does: a function body that gets the page's `window`. */
  readonly act?: string
  /** Needs the focus, so no other page may be open beside it. */
  readonly alone?: true
  /** The engines in which it executes without a policy. None: a guard against engines to come. @default all */
  readonly control?: readonly Engine[]
  /** It leaves no app behind: as markup, without running anything, or where it executes in the app's place. */
  readonly breaks?: 'markup' | 'success'
  /** Why no policy for scripts can be expected to stop it: measured and told, but not held to zero. */
  readonly limit?: string
}
