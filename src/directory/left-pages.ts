import type { LeftPage } from '../core/page/left-pages.ts'
import { DirectoryError } from '../files/errors.ts'
import type { PageNews } from './page-work.ts'
import type { Walk } from '../files/walk.ts'

/**
 * The HTML files that a run does not touch.
 * @throws {DirectoryError} if every HTML file that is not excluded is only a fragment
 */
export function leftPages({ root, pages, files }: Walk, news: readonly PageNews[]): LeftPage[] {
  const fragments = news.filter(({ fragment }) => fragment)
  if (fragments.length === pages.length)
    throw new DirectoryError(
      'no-page',
      `No HTML file in ${root} holds a document: each lacks a doctype, a head and scripts. Give the directory that the build writes its pages to.`,
      root,
    )
  return [
    ...files.excluded.map((path): LeftPage => ({ path, why: 'excluded' })),
    ...fragments.map(({ page }): LeftPage => ({ path: pages[page] ?? '', why: 'fragment' })),
  ]
}
