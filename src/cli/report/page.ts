import { digest } from '../../core/site/digest.ts'
import type {
  ReportChunk,
  ReportData,
  ReportFile,
  ReportPage,
  ReportPolicy,
  ReportSource,
} from './collect.ts'
import { graphSvg } from './graph.ts'
import { count, html, Markup, size } from './markup.ts'
import { explanations, findingItem, list, observatoryItem, refusalItems } from './lists.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** The report lists the sources of at most this many pages; other pages only get their numbers. */
const MOST_PAGES = 400

const HOLDS: Record<ReportChunk['hold'], string> = {
  attribute: 'its tag',
  'import-map': 'the import map',
  none: 'nothing',
}

function source({ expression, reason, file }: ReportSource, chunkIds: ReadonlyMap<string, number>): Markup {
  const id = file === undefined ? undefined : chunkIds.get(file)
  const why = id === undefined ? html`${reason}` : html`<a href="#chunk-${id}">${reason}</a>`
  const hash = /^'sha\d{3}-/.test(expression)
  return html`<div class="source${hash ? ' hash' : ''}">
    <code title="${expression}">${expression}</code><span>${why}</span>
  </div>`
}

/** Hidden until the report's script runs, because the script does the copying. */
const copyButton = (text: string, what: string): Markup =>
  html`<button type="button" class="copy" data-copy="${text}" aria-label="Copy ${what}" hidden>Copy</button>`

function headerFile({ path, text }: ReportFile): Markup {
  return html`<div class="item" data-search="${`${path} ${text}`.toLowerCase()}">
    <h3><span class="mono path">${path}</span>${copyButton(text, path)}</h3>
    <pre class="wrap" tabindex="0">${text}</pre>
  </div>`
}

function policy(
  { role, disposition, text, directives }: ReportPolicy,
  chunkIds: ReadonlyMap<string, number>,
): Markup {
  const name = role === 'fence' ? 'The fence, a second policy' : 'The policy'
  return html`<h3>
      ${name}${disposition === 'report' && ', report only'}, ${text.length.toLocaleString('en')} characters
      ${copyButton(text, name.toLowerCase())}
    </h3>
    <dl class="policy">
      ${directives.map(
        (directive) =>
          html`<dt>${directive.name}</dt>
            <dd>${directive.sources.map((one) => source(one, chunkIds))}</dd>`,
      )}
    </dl>`
}

function page(one: ReportPage, index: number, chunkIds: ReadonlyMap<string, number>): Markup {
  const length = one.policies.reduce((sum, { text }) => sum + text.length, 0)
  const expressions = one.policies.flatMap(({ directives }) =>
    directives.flatMap(({ name, sources }) => [name, ...sources.map(({ expression }) => expression)]),
  )
  const words = [one.path, ...new Set(expressions)].join(' ').toLowerCase()
  return html`<details class="page" id="page-${index}" data-search="${words}">
    <summary>
      <span class="path mono">${one.path}</span>${
        one.state !== 'done' &&
        html`<span class="fact level warn"
          >${one.state === 'open' ? 'not protected yet' : 'protected with other options'}</span
        >`
      }<span class="fact wide">${count(one.inlineScripts, 'inline hash', 'inline hashes')}</span
      ><span class="fact wide">${count(one.pinnedFiles, 'file')} pinned</span
      ><span class="fact">${length.toLocaleString('en')} characters</span>
    </summary>
    <div class="policies">
      ${
        index < MOST_PAGES
          ? one.policies.map((each) => policy(each, chunkIds))
          : html`<p class="empty">csp-hashes explain ${one.path} shows its policy.</p>`
      }
    </div>
  </details>`
}

function chunkRow(chunk: ReportChunk, index: number): Markup {
  return html`<tr
    id="chunk-${index}"
    data-search="${`${chunk.path} ${chunk.hash} ${HOLDS[chunk.hold]}`.toLowerCase()}"
  >
    <td class="mono">${chunk.path}</td>
    <td data-label="Held by">
      ${chunk.hold === 'none' ? html`<span class="level error">nothing</span>` : HOLDS[chunk.hold]}
    </td>
    <td class="number" data-label="Size">${size(chunk.bytes)}</td>
    <td class="number" data-label="Pages">${chunk.pages.toLocaleString('en')}</td>
  </tr>`
}

const LEGEND = html`<div class="legend">
  <span
    ><svg width="10" height="10"><circle class="dot attribute" cx="5" cy="5" r="4" /></svg>pinned by its
    tag</span
  ><span
    ><svg width="10" height="10"><circle class="dot import-map" cx="5" cy="5" r="4" /></svg>pinned by the
    import map</span
  ><span
    ><svg width="10" height="10"><circle class="dot none" cx="5" cy="5" r="4" /></svg>not pinned</span
  ><span
    ><svg width="30" height="8"><path class="edge" d="M0 4H30" /></svg>import</span
  ><span
    ><svg width="30" height="8"><path class="edge dynamic" d="M0 4H30" /></svg>dynamic import</span
  >
</div>`

function chunks(all: readonly ReportChunk[]): Markup {
  const svg = graphSvg(all)
  return html`<section id="chunks">
    <h2>Chunks <small>${count(all.length, 'script')} that pages can load</small></h2>
    ${
      svg &&
      html`<div class="list">
          ${LEGEND}
          <div class="scroll" tabindex="0" role="region" aria-label="Graph, scrolls">${svg}</div>
        </div>
        <p></p>`
    }
    <div class="list">
      <table>
        <thead>
          <tr>
            <th>File</th>
            <th>Held to its bytes by</th>
            <th class="number">Size</th>
            <th class="number">Pages</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(chunkRow)}
        </tbody>
      </table>
      ${
        all.length === 0
          ? html`<p class="empty">No page loads a script by URL.</p>`
          : html`<p class="empty" data-empty hidden>No file matches.</p>`
      }
    </div>
  </section>`
}

function verdict({ ok, refusals, atRunTime }: ReportData): Markup {
  const fatal = refusals.filter(({ severity }) => severity === 'error').length
  const good = ok && atRunTime === 0
  const shape = good ? 'M5 12.5l4.5 4.5L19 7.5' : 'M12 6v7.5M12 17.5v.5'
  const text = ok
    ? good
      ? 'What stands in the files runs in three browsers. What scripts do once they run was not checked: csp-hashes try opens the pages in one.'
      : `What stands in the files runs, but scripts seem to do ${count(atRunTime, 'thing')} that the policies refuse: see the findings, and run csp-hashes try.`
    : `${count(fatal, 'thing')} would be refused, or nothing holds ${fatal === 1 ? 'it' : 'them'}: see below.`
  return html`<div class="verdict${!good && ' bad'}">
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d="${shape}" /></svg
    >${text}
  </div>`
}

const tile = (value: string | number, label: string): Markup =>
  html`<div class="tile">
    <b>${typeof value === 'number' ? value.toLocaleString('en') : value}</b><span>${label}</span>
  </div>`

function tiles(data: ReportData): Markup {
  const pinned = data.chunks.filter(({ hold }) => hold !== 'none').length
  const longest = Math.max(
    0,
    ...data.pages.map(({ policies }) => policies.reduce((sum, { text }) => sum + text.length, 0)),
  )
  const inline = data.pages.reduce((sum, { inlineScripts }) => sum + inlineScripts, 0)
  return html`<div class="tiles">
    ${[
      tile(data.pages.length, data.pages.length === 1 ? 'page' : 'pages'),
      tile(inline, 'inline scripts hashed'),
      tile(`${pinned} of ${data.chunks.length}`, 'chunks pinned'),
      tile(longest, 'characters in the longest policy'),
      tile(data.findings.length, data.findings.length === 1 ? 'finding' : 'findings'),
    ]}
  </div>`
}

const ALL_WELL = html`<div class="item" data-search="">
  <p>Browsers refuse nothing that stands in the files, and Google's CSP Evaluator objects to nothing.</p>
</div>`

/** Renders the report as a single page that loads nothing and has a policy of its own. */
export function reportPage(data: ReportData): string {
  const chunkIds = new Map(data.chunks.map(({ path }, index) => [path, index]))
  const policyText = [
    "default-src 'none'",
    `script-src '${digest(SCRIPT, 'sha384')}'`,
    `style-src '${digest(STYLE, 'sha384')}'`,
    // A page without its own icon makes browsers request one, which the policy would block.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const evaluator = data.findings.filter(({ code }) => code === 'evaluator')
  const findings = data.findings.filter(({ code }) => code !== 'evaluator')
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyText}" />
        <meta name="viewport" content="width=device-width" />
        <link rel="icon" href="data:," />
        <title>${data.name}: Content-Security-Policy</title>
        ${new Markup(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#pages">To the pages</a>
        <header class="bar">
          <strong>csp-hashes</strong>
          <nav aria-label="Sections">
            <a href="#pages">Pages</a><a href="#chunks">Chunks</a>${
              data.headerFiles.length > 0 && html`<a href="#headers">Headers</a>`
            }<a href="#findings">Findings</a><a href="#verdict">Verdict</a>
          </nav>
          <input
            id="search"
            type="search"
            placeholder="Search"
            aria-label="Search pages, sources, files and findings"
          /><button id="theme" type="button">Light or dark</button>
        </header>
        <main>
          <div class="lede">
            <h1>${data.name}</h1>
            <p>served under <code>${data.base}</code></p>
          </div>
          ${verdict(data)} ${tiles(data)}
          <section id="pages">
            <h2>Pages <small>and why each source is in their policies</small></h2>
            <div class="list">
              ${data.pages.map((one, index) => page(one, index, chunkIds))}
              <p class="empty" data-empty hidden>No page matches.</p>
            </div>
          </section>
          ${chunks(data.chunks)}
          ${
            data.headerFiles.length > 0 &&
            list('headers', 'Header files', 'as they are deployed', data.headerFiles.map(headerFile))
          }
          ${list('findings', 'Findings', 'what the run had to say', findings.map(findingItem), 'None.')}
          ${list('verdict', 'Verdict', 'what browsers would refuse, and what evaluators think', [
            ...refusalItems(data.refusals),
            ...evaluator.map(findingItem),
            ...(data.refusals.length + evaluator.length === 0 ? [ALL_WELL] : []),
            observatoryItem(data.observatory),
          ])}
          ${explanations([...data.findings, ...data.refusals])}
          <footer>
            <p>
              <kbd>/</kbd> searches, <kbd>j</kbd> and <kbd>k</kbd> go through the pages,
              <kbd>Enter</kbd> opens one, <kbd>t</kbd> changes the light.
            </p>
          </footer>
        </main>
        ${new Markup(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.text
}
