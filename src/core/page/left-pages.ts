import { compileGlob } from '../../bounded/glob.ts'
import { type Finding, finding } from '../findings/index.ts'

/** Which pages are protected, by globs over their paths in the site. */
export interface PageGlobs {
  /** Only these. @default all */
  readonly include?: string | readonly string[]
  /** All but these. @default none */
  readonly exclude?: string | readonly string[]
}

/** An HTML file that stays as it is. */
export interface LeftPage {
  readonly path: string
  /** The option `pages` leaves it out, or there is no document in it. */
  readonly why: 'excluded' | 'fragment'
}

const listOf = (globs: string | readonly string[] = []): readonly string[] =>
  typeof globs === 'string' ? [globs] : globs

/** Globs that cannot be read. */
export const unreadableGlobs = ({ include, exclude }: PageGlobs): string[] =>
  [...listOf(include), ...listOf(exclude)].filter((glob) => !compileGlob(glob))

/** Tells of a path whether the globs leave its page out. */
export function pageFilter({ include, exclude }: PageGlobs): (path: string) => boolean {
  const compiled = (globs: PageGlobs['include']) => listOf(globs).flatMap((glob) => compileGlob(glob) ?? [])
  const [wanted, unwanted] = [compiled(include), compiled(exclude)]
  const all = listOf(include).length === 0
  return (path) =>
    !(all || wanted.some((glob) => glob.test(path))) || unwanted.some((glob) => glob.test(path))
}

/** Globs that no page matches: a slip, as a rule. */
export function idleGlobs({ include, exclude }: PageGlobs, pages: readonly string[]): Finding[] {
  return [...listOf(include), ...listOf(exclude)].flatMap((glob) => {
    const compiled = compileGlob(glob)
    if (pages.some((path) => compiled?.test(path))) return []
    return finding('pages-unmatched', { glob, page: pages[0] ?? 'index.html' })
  })
}

/**
 * Whether an HTML file holds no document: the verification file of a search engine, a fragment that a script fetches.
 * A policy there would break what reads the file. Whatever could run a script makes it a document: a tag more or less
 * in some comment only means that the file is protected.
 */
export function isFragment(html: string): boolean {
  return !/<(?:!doctype|html|head|body|frameset|title|meta|base|script)[\s/>]|srcdoc/i.test(html)
}
