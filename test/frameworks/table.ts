/** A framework with its example, a project such as its users have. All examples show the same two pages. */
export interface Framework {
  /** The folder in `examples/`. */
  readonly name: string
  /** Where the build leaves the site, seen from that folder. */
  readonly output: string
  /** Address of the second page. */
  readonly second: string
  /** What the page says when it tries no more to load a refused chunk, if it tries more than once. */
  readonly givenUp?: RegExp
}

export const FRAMEWORKS: readonly Framework[] = [
  { name: 'vitepress', output: 'docs/.vitepress/dist', second: '/tides.html' },
  { name: 'astro', output: 'dist', second: '/tides', givenUp: /Error hydrating/ },
  { name: 'sveltekit', output: 'build', second: '/tides' },
  { name: 'react-router', output: 'build/client', second: '/tides' },
  { name: 'vite-ssg', output: 'dist', second: '/tides' },
  { name: 'nuxt', output: '.output/public', second: '/tides' },
  { name: 'tanstack-start', output: 'dist/client', second: '/tides' },
]
