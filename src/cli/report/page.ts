import { digest } from '../../core/site/digest.ts'
import type { Finding } from '../../core/findings/index.ts'
import type { SiteRefusal } from '../../verify-site/built.ts'
import type { ReportChunk, ReportData, ReportPage, ReportPolicy, ReportSource } from './collect.ts'
import { graphSvg } from './graph.ts'
import { count, html, Markup, size } from './markup.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** So many pages are shown source by source; the others by their figures alone. */
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

function policy(
  { role, disposition, length, directives }: ReportPolicy,
  chunkIds: ReadonlyMap<string, number>,
): Markup {
  const name = role === 'fence' ? 'The fence, a second policy' : 'The policy'
  return html`<h3>
      ${name}${disposition === 'report' && ', report only'}, ${length.toLocaleString('en')} characters
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
  const length = one.policies.reduce((sum, { length }) => sum + length, 0)
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
    <td>${chunk.hold === 'none' ? html`<span class="level error">nothing</span>` : HOLDS[chunk.hold]}</td>
    <td class="number">${size(chunk.bytes)}</td>
    <td class="number">${chunk.pages.toLocaleString('en')}</td>
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
          <div class="scroll" tabindex="0">${svg}</div>
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

function findingItem({ code, severity, message, hint, location }: Finding): Markup {
  return html`<div class="item" data-search="${`${code} ${message} ${location?.file ?? ''}`.toLowerCase()}">
    <p><span class="level ${severity}">${severity}</span> ${message} <code>${code}</code></p>
    ${
      location &&
      html`<p class="mono">${location.file}:${location.line}:${location.column}</p>
        <pre>${location.frame}</pre>`
    }
    <p class="hint">${hint}</p>
  </div>`
}

/** The same thing on many pages is one item. */
function refusalItems(refusals: readonly SiteRefusal[]): Markup[] {
  const groups = new Map<string, SiteRefusal[]>()
  for (const refusal of refusals) {
    const key = `${refusal.code} ${refusal.message}`
    groups.set(key, [...(groups.get(key) ?? []), refusal])
  }
  return [...groups.values()].map(refusalItem)
}

function refusalItem(group: readonly SiteRefusal[]): Markup {
  const [refusal] = group
  if (!refusal) return html``
  const { code, severity, location, message, hint, engines } = refusal
  const words = `${code} ${message} ${group.map((one) => one.location.file).join(' ')}`.toLowerCase()
  const rest = group.length - 1
  return html`<div class="item" data-search="${words}">
    <p><span class="level ${severity}">${severity}</span> ${message} <code>${code}</code></p>
    <p class="mono">
      ${location.file}:${location.line}:${location.column}${rest > 0 && `, and ${count(rest, 'more page')}`},
      in ${engines.join(', ')}
    </p>
    ${hint !== undefined && html`<p class="hint">${hint}</p>`}
  </div>`
}

function list(id: string, title: string, small: string, items: readonly Markup[], none: string): Markup {
  const body =
    items.length === 0
      ? html`<p class="empty">${none}</p>`
      : html`${items}
          <p class="empty" data-empty hidden>Nothing here matches.</p>`
  return html`<section id="${id}">
    <h2>${title} <small>${small}</small></h2>
    <div class="list">${body}</div>
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
    ...data.pages.map(({ policies }) => policies.reduce((sum, { length }) => sum + length, 0)),
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

/** The report as one page that loads nothing, under a policy of its own. */
export function reportPage(data: ReportData): string {
  const chunkIds = new Map(data.chunks.map(({ path }, index) => [path, index]))
  const policyText = [
    "default-src 'none'",
    `script-src '${digest(SCRIPT, 'sha384')}'`,
    `style-src '${digest(STYLE, 'sha384')}'`,
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
        <title>${data.name}: Content-Security-Policy</title>
        ${new Markup(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#pages">To the pages</a>
        <header class="bar">
          <strong>csp-hashes</strong>
          <nav aria-label="Sections">
            <a href="#pages">Pages</a><a href="#chunks">Chunks</a><a href="#findings">Findings</a
            ><a href="#verdict">Verdict</a>
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
          ${list('findings', 'Findings', 'what the run had to say', findings.map(findingItem), 'None.')}
          ${list('verdict', 'Verdict', 'what browsers would refuse, and what the evaluator thinks', [...refusalItems(data.refusals), ...evaluator.map(findingItem)], 'Browsers refuse nothing that stands in the files, and the evaluator objects to nothing.')}
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
