import { compileGlob } from '../../bounded/glob.ts'
import { type Finding, finding } from '../findings/index.ts'

/** The pages to protect, as globs over their paths in the site. */
export interface PageGlobs {
  /** Only these. @default all */
  readonly include?: string | readonly string[]
  /** All but these. @default none */
  readonly exclude?: string | readonly string[]
}

/** An HTML file that is not changed. */
export interface LeftPage {
  readonly path: string
  /** `excluded` by the option `pages`, or a `fragment` without a document. */
  readonly why: 'excluded' | 'fragment'
}

const listOf = (globs: string | readonly string[] = []): readonly string[] =>
  typeof globs === 'string' ? [globs] : globs

/** Globs with invalid syntax. */
export const unreadableGlobs = ({ include, exclude }: PageGlobs): string[] =>
  [...listOf(include), ...listOf(exclude)].filter((glob) => !compileGlob(glob))

/** A predicate that is true for paths of pages that the globs exclude. */
export function pageFilter({ include, exclude }: PageGlobs): (path: string) => boolean {
  const compiled = (globs: PageGlobs['include']) => listOf(globs).flatMap((glob) => compileGlob(glob) ?? [])
  const [wanted, unwanted] = [compiled(include), compiled(exclude)]
  const all = listOf(include).length === 0
  return (path) =>
    !(all || wanted.some((glob) => glob.test(path))) || unwanted.some((glob) => glob.test(path))
}

/** Findings for globs that match no page, which is usually a mistake. */
export function idleGlobs({ include, exclude }: PageGlobs, pages: readonly string[]): Finding[] {
  return [...listOf(include), ...listOf(exclude)].flatMap((glob) => {
    const compiled = compileGlob(glob)
    if (pages.some((path) => compiled?.test(path))) return []
    return finding('pages-unmatched', { glob, page: pages[0] ?? 'index.html' })
  })
}

/**
 * Whether an HTML file contains no document: the verification file of a search engine, or a fragment that a script
 * fetches. A policy would break the programs that read these files. Anything that could run a script makes the
 * file a document. A tag in a comment counts too, which only means that the file is protected.
 */
export function isFragment(html: string): boolean {
  return !/<(?:!doctype|html|head|body|frameset|title|meta|base|script)[\s/>]|srcdoc/i.test(html)
}
