import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type MarkdownRenderer } from 'vitepress'

const REPOSITORY = 'https://github.com/vite-plugin-csp-hashes/vite-plugin-csp-hashes/blob/main/'

const page = (text: string, link: string): { text: string; link: string } => ({ text, link })

/** Files outside of this folder are no pages of the site: links to them lead to the repository. */
function repositoryLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('repository-links', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (!href?.startsWith('../')) continue
      const path = href.slice(3)
      if (!existsSync(join(import.meta.dirname, '../..', path.replace(/#.*$/, ''))))
        throw new Error(`A page of the docs links to ${path}, which is not in the repository.`)
      token.attrSet('href', `${REPOSITORY}${path}`)
    }
  })
}

export default defineConfig({
  title: 'vite-plugin-csp-hashes',
  description: 'A hash-based strict Content-Security-Policy for every page that Vite builds',
  lang: 'en',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    config: repositoryLinks,
    // Comments and keywords of the standard themes are too faint.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [page('Start', '/start'), page('Options', '/options'), page('Findings', '/findings')],
    sidebar: [
      {
        text: 'Begin',
        items: [
          page('Start in one minute', '/start'),
          page('Which shape, which output', '/choose'),
          page('Roll it out', '/rollout'),
          page('My page is blank', '/blank-page'),
          page('Questions', '/faq'),
          page('Moving from another tool', '/migrate'),
        ],
      },
      {
        text: 'Guides',
        items: [
          page('Single-page and multi-page apps', '/apps'),
          page('Frameworks', '/frameworks'),
          page('Hosts', '/hosts'),
          page('nginx in Docker', '/docker'),
          page('Back ends', '/back-ends'),
          page('Shells and extensions', '/shells'),
          page('Third-party scripts', '/third-party'),
          page('The command', '/command-line'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Options in detail', '/options'),
          page('How scripts are trusted', '/shapes'),
          page('Findings', '/findings'),
          page('API', '/reference'),
        ],
      },
      {
        text: 'Background',
        items: [
          page('How it works', '/how-it-works'),
          page('Threat model', '/threat-model'),
          page('What was tried, and the limits', '/security'),
          page('What it costs', '/performance'),
        ],
      },
    ],
  },
})
