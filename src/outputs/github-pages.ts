import { meta } from './meta.ts'
import type { Output } from './output.ts'

/**
 * A site on GitHub Pages cannot set headers, so this output is `meta` under the name of the host.
 * @see https://docs.github.com/pages/getting-started-with-github-pages/github-pages-limits
 */
export const githubPages: Output = {
  name: 'github-pages',
  deliver: (delivery) => ({
    ...meta.deliver(delivery),
    notes: ['GitHub Pages sends no headers of yours, so each page carries its policy in a meta tag.'],
  }),
}
