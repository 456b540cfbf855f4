/** One site as a user may have it. Every host is driven through every case. */
export interface HostCase {
  readonly name: string
  /** Pages of the site, each with its own inline script. */
  readonly pages: readonly string[]
  /** Requests that every host answers with a page. */
  readonly served: readonly string[]
  /** Requests that some hosts answer with a page, and others refuse. */
  readonly aliases: readonly string[]
}

export const CASES: readonly HostCase[] = [
  {
    name: 'pages in a row and in folders',
    pages: ['index.html', 'about.html', 'blog/index.html', 'blog/about.html', 'café.html', 'with space.html'],
    served: [
      '/',
      '/index.html',
      '/about',
      '/about.html',
      '/blog/',
      '/blog/index.html',
      '/blog/about',
      '/caf%C3%A9',
      '/caf%C3%A9.html',
      '/with%20space',
      '/with%20space.html',
    ],
    aliases: ['/about/', '/%61bout', '//about', '/About', '/blog', '//blog/', '/%62log/'],
  },
  {
    name: 'a page for what is not found',
    pages: ['index.html', '404.html'],
    served: ['/'],
    aliases: ['/404', '/no/thing/'],
  },
]
