import { type Finding, type FindingCode, isFindingCode } from '../../core/findings/index.ts'
import type { SiteRefusal } from '../../verify-site/built.ts'
import { explainCode } from '../explain-code.ts'
import type { ReportVerdict } from './collect.ts'
import { count, html, type Markup } from './markup.ts'

/** A link to the advice for a code. Refusals that have no finding show only their hint. */
const jump = (code: string): Markup =>
  isFindingCode(code)
    ? html`<a class="mono" href="#fix-${code}">${code}: what to do</a>`
    : html`<code>${code}</code>`

export function findingItem({ code, severity, message, hint, location }: Finding): Markup {
  return html`<div class="item" data-search="${`${code} ${message} ${location?.file ?? ''}`.toLowerCase()}">
    <p><span class="level ${severity}">${severity}</span> ${message} ${jump(code)}</p>
    ${
      location &&
      html`<p class="mono">${location.file}:${location.line}:${location.column}</p>
        <pre tabindex="0">${location.frame}</pre>`
    }
    <p class="hint">${hint}</p>
  </div>`
}

/** Groups equal refusals of several pages into one item. */
export function refusalItems(refusals: readonly SiteRefusal[]): Markup[] {
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
    <p><span class="level ${severity}">${severity}</span> ${message} ${jump(code)}</p>
    <p class="mono">
      ${location.file}:${location.line}:${location.column}${rest > 0 && `, and ${count(rest, 'more page')}`},
      in ${engines.join(', ')}
    </p>
    ${hint !== undefined && html`<p class="hint">${hint}</p>`}
  </div>`
}

export function list(id: string, title: string, small: string, items: readonly Markup[], none = ''): Markup {
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

const signed = (points: number): string => (points > 0 ? `+${points}` : String(points).replace('-', '−'))

export function observatoryItem(verdict: ReportVerdict | undefined): Markup {
  if (!verdict) return html``
  const { page, result, points } = verdict
  return html`<div class="item" data-search="${`observatory ${result} ${page}`.toLowerCase()}">
    <p>
      <span class="level ${points < 0 ? 'error' : 'info'}">${signed(points)}</span> of the score of Mozilla's
      HTTP Observatory, by its rules for policies, for what is on disk now <code>${result}</code>
    </p>
    <p class="mono">${page}</p>
  </div>`
}

const codeSpans = (text: string): (Markup | string)[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))

/** The documentation of each reported code, embedded so that the report needs no network. */
export function explanations(told: readonly { readonly code: string }[]): Markup | undefined {
  const codes = [...new Set(told.map(({ code }) => code))].filter((code): code is FindingCode =>
    isFindingCode(code),
  )
  if (codes.length === 0) return undefined
  const items = codes.toSorted().map((code) => {
    const [, ...paragraphs] = explainCode(code).trim().split('\n\n')
    return html`<div class="item fix" id="fix-${code}" tabindex="-1" data-search="${code}">
      <h3 class="mono">${code}</h3>
      ${paragraphs.map((text) => html`<p>${codeSpans(text)}</p>`)}
    </div>`
  })
  return list('fixes', 'What to do', 'about each code above', items)
}
