/** Pages that are the same on every run: what a documentation site, an application and a blog put into HTML. */

export interface BenchPage {
  readonly path: string
  readonly html: string
}

const WORDS = (
  'the quick parser reads every page of a site once and keeps what matters while text runs by without a look at each ' +
  'character because most of it is prose code tables links lists headings quotes figures captions notes and references'
).split(' ')

/** A linear congruential sequence: no more is asked of it than to be the same everywhere. */
function sequence(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

class PageWriter {
  private readonly below: (below: number) => number

  constructor(seed: number) {
    this.below = sequence(seed)
  }

  private words(count: number): string {
    return Array.from({ length: count }, () => WORDS[this.below(WORDS.length)]).join(' ')
  }

  private link(): string {
    const name = this.words(1)
    return `<a href="../${name}/index.html#${name}" title="${this.words(3)}" class="ref internal">${name}</a>`
  }

  private paragraph(): string {
    const parts = Array.from({ length: 2 + this.below(4) }, () => {
      const kind = this.below(6)
      const words = this.words(4 + this.below(20))
      if (kind === 0) return `<code>${words.slice(0, 12)}&lt;T&gt;</code> ${words}`
      if (kind === 1) return `${this.link()} ${words}`
      if (kind === 2) return `<em>${this.words(2)}</em> ${words} &amp; ${this.words(2)}`
      return words
    })
    return `<p>${parts.join(', ')}.</p>\n`
  }

  private table(): string {
    const row = () => `<tr class="row"><td><code>${this.words(1)}</code></td><td>${this.words(6)}</td></tr>\n`
    return `<table class="summary" id="t${this.below(1000)}">\n<thead><tr><th>Name<th>Meaning</thead>\n<tbody>\n${Array.from({ length: 3 + this.below(12) }, row).join('')}</tbody>\n</table>\n`
  }

  private listing(): string {
    const line = () =>
      `<span class="k">const</span> <span class="n">${this.words(1)}</span> = ${this.below(999)}\n`
    return `<pre><code class="language-js">${Array.from({ length: 4 + this.below(16) }, line).join('')}</code></pre>\n`
  }

  private figure(): string {
    const name = this.words(1)
    return `<figure><img src="/img/${name}.png" alt="${this.words(4)}" width="640" height="480" loading="lazy"><figcaption>${this.words(8)}</figcaption></figure>\n`
  }

  private list(): string {
    return `<ul>\n${Array.from({ length: 3 + this.below(8) }, () => `<li>${this.link()} ${this.words(5)}</li>\n`).join('')}</ul>\n`
  }

  page(blocks: number, head: string): string {
    const make = [
      () => this.paragraph(),
      () => this.paragraph(),
      () => this.paragraph(),
      () => this.table(),
      () => this.listing(),
      () => this.figure(),
      () => this.list(),
    ]
    const body = Array.from({ length: blocks }, (_, i) => {
      const heading = i % 5 === 0 ? `<h2 id="s${i}">${this.words(3)}</h2>\n` : ''
      return heading + (make[this.below(make.length)]?.() ?? '')
    }).join('')
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${this.words(4)}</title>
${head}
</head>
<body class="docs">
<!-- navigation -->
<nav aria-label="main">${this.list()}</nav>
<main id="content">
${body}</main>
<footer><svg viewBox="0 0 10 10" aria-hidden="true"><path d="M0 0h10v10H0z"/></svg> ${this.words(6)}</footer>
<script>window.addEventListener('load', () => { performance.mark('${this.words(1)}') })</script>
</body>
</html>
`
  }
}

/** What a build has put into the head. */
const BUILT_HEAD = `<link rel="stylesheet" href="/assets/style-4f2a.css">
<link rel="modulepreload" crossorigin href="/assets/chunk-77aa.js">
<script>document.documentElement.dataset.theme = localStorage.theme ?? 'light'</script>
<script type="module" crossorigin src="/assets/index-a1b2.js"></script>`

export function benchPage(number: number, head = BUILT_HEAD): BenchPage {
  const writer = new PageWriter(number + 1)
  return { path: `docs/${number}/index.html`, html: writer.page(4 + ((number * 37) % 97), head) }
}

/** Pages of 2 to 80 kilobytes, small ones more often. */
export function benchPages(count: number): BenchPage[] {
  return Array.from({ length: count }, (_, i) => benchPage(i))
}

/** Names of the images that pages show. */
export const IMAGE_NAMES: readonly string[] = [...new Set(WORDS)]

/** The files that built pages refer to. */
export const BUILT_FILES: ReadonlyMap<string, string> = new Map([
  ['assets/style-4f2a.css', 'main { max-width: 60rem }\n'],
  ['assets/index-a1b2.js', "import { mark } from './chunk-77aa.js'\nmark(document.title)\n"],
  ['assets/chunk-77aa.js', 'export const mark = (name) => performance.mark(name)\n'],
])
