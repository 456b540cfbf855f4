import type { Policy, Source, Span } from '../core/site/model.ts'
import type { DeliveredPage } from '../outputs/output.ts'
import type { SecuredPage } from '../pipeline.ts'
import type { DirectoryPage } from './api.ts'

type Summary = SecuredPage['summary']

/** The result of writing a file. */
export interface Outcome {
  /** The content differs from the present file. */
  readonly changed: boolean
  /** A file with this name exists already. */
  readonly exists: boolean
}

/** A source expression for inline content of the page. */
interface InlineSource {
  readonly expression: string
  readonly what: string
  /** `undefined` if the page was skipped: the run cache does not store positions. */
  readonly span: Span | undefined
}

/**
 * The policies of a page as JSON, with numbers in place of its inline sources. Pages that differ only in their inline
 * sources share one template object. They still share it after the records are sent to another thread.
 */
interface Template {
  readonly text: string
}

/** The data of a page that is needed until all pages are done. */
export interface PageRecord extends Outcome {
  readonly page: number
  readonly summary: Summary
  readonly template: Template
  readonly inline: readonly InlineSource[]
}

/** A record for the run cache, without positions. */
export interface KeptRecord {
  readonly summary: Summary
  readonly template: string
  readonly inline: readonly Pick<InlineSource, 'expression' | 'what'>[]
}

type WrittenSource = number | readonly [expression: string, reason: Source['reason']]
type WrittenPolicy = readonly [
  role: Policy['role'],
  disposition: Policy['disposition'],
  directives: readonly (readonly [name: string, sources: readonly WrittenSource[]])[],
]

/** The inline sources of a page, each once. */
class InlineSources {
  readonly list: InlineSource[] = []
  private readonly known = new Map<string, number>()

  indexOf({ expression, what, span }: InlineSource & { readonly span: Span }): number {
    const key = `${span.start} ${expression}`
    const index = this.known.get(key) ?? this.list.length
    if (index === this.list.length) {
      this.list.push({ expression, what, span })
      this.known.set(key, index)
    }
    return index
  }
}

function written({ role, disposition, directives }: Policy, inline: InlineSources): WrittenPolicy {
  const sourceOf = ({ expression, reason }: Source): WrittenSource =>
    reason.kind === 'inline' ? inline.indexOf({ expression, ...reason }) : [expression, reason]
  return [role, disposition, [...directives].map(([name, sources]) => [name, sources.map(sourceOf)])]
}

/** The positions of inline sources in a page, in the order of its record. */
export function inlineSpans(policies: readonly Policy[]): Span[] {
  const inline = new InlineSources()
  for (const policy of policies) written(policy, inline)
  return inline.list.flatMap(({ span }) => span ?? [])
}

/** Deduplicates templates. */
class Templates {
  private readonly known = new Map<string, Template>()

  of(text: string): Template {
    const known = this.known.get(text)
    if (known) return known
    const template = { text }
    this.known.set(text, template)
    return template
  }
}

/** Creates the records of the pages that one thread works on. */
export class RecordMaker {
  private readonly templates = new Templates()

  of(page: number, outcome: Outcome, summary: Summary, policies: readonly Policy[]): PageRecord {
    const inline = new InlineSources()
    const text = JSON.stringify(policies.map((policy) => written(policy, inline)))
    const { changed, exists } = outcome
    return { page, changed, exists, summary, template: this.templates.of(text), inline: inline.list }
  }
}

/** Creates a policy of a page from the page's inline sources. */
type PolicyMaker = (inline: readonly Source[]) => Policy

/** The maximum number of parsed templates in the cache. Most pages of a site share a few templates. */
const KEPT_TEMPLATES = 64

/** The records of all pages from all threads. Strings and summaries that pages share are stored once. */
export class PageStore {
  private readonly records: (PageRecord | undefined)[]
  private readonly texts = new Map<string, string>()
  private readonly templates = new Templates()
  private readonly summaries = new Map<string, Summary>()
  private readonly makers = new Map<Template, readonly PolicyMaker[]>()

  constructor(
    private readonly pages: readonly string[],
    /** Reads a page again to find its {@link inlineSpans}. */
    private readonly spansOf: (page: number) => readonly Span[],
  ) {
    this.records = Array.from(pages, () => undefined)
  }

  /** Indexes of the pages that have policies. */
  *secured(): Generator<number> {
    for (let page = 0; page < this.pages.length; page++) if (this.records[page]) yield page
  }

  path(page: number): string {
    return this.pages[page] ?? ''
  }

  /** `undefined` if the page has no policies, as when it is not a document. */
  get(page: number): PageRecord | undefined {
    return this.records[page]
  }

  add({ page, changed, exists, summary, template, inline }: PageRecord): void {
    this.records[page] = {
      page,
      changed,
      exists,
      summary: this.summary(summary),
      template: this.templates.of(template.text),
      inline: inline.map(({ expression, what, span }) => ({
        expression: this.text(expression),
        what: this.text(what),
        span,
      })),
    }
  }

  /** The record of a page in the form that the run cache stores. */
  kept(page: number): KeptRecord | undefined {
    const record = this.records[page]
    return record && { ...record, template: record.template.text }
  }

  /** Restores the record of a page that has not changed since an earlier run. */
  restore(page: number, { summary, template, inline }: KeptRecord): void {
    const found = inline.map((source) => ({ ...source, span: undefined }))
    this.add({ page, changed: false, exists: true, summary, template: { text: template }, inline: found })
  }

  /** Updates the outcome of a page that was processed again with different metas. */
  redone(page: number, { changed, exists }: Outcome): void {
    const record = this.records[page]
    if (record) this.records[page] = { ...record, changed, exists }
  }

  /** The policies of a page, created anew on each call. */
  policies(page: number): Policy[] {
    const record = this.records[page]
    if (!record) return []
    const inline = record.inline.map((_, index) => this.source(record, index))
    return this.makersOf(record.template).map((make) => make(inline))
  }

  private source({ page, inline }: PageRecord, index: number): Source {
    const { expression = '', what = '', span } = inline[index] ?? {}
    const look = (): Span => span ?? this.spansOf(page)[index] ?? { start: 0, end: 0 }
    const reason: Source['reason'] = {
      kind: 'inline',
      page: this.path(page),
      get span() {
        return look()
      },
      what,
    }
    return { expression, reason: span ? { ...reason, span } : reason }
  }

  private text(text: string): string {
    const known = this.texts.get(text)
    if (known === undefined) this.texts.set(text, text)
    return known ?? text
  }

  private summary(summary: Summary): Summary {
    const key = Object.values(summary).join(' ')
    const known = this.summaries.get(key)
    if (!known) this.summaries.set(key, summary)
    return known ?? summary
  }

  private makersOf(template: Template): readonly PolicyMaker[] {
    const known = this.makers.get(template)
    if (known) return known
    const makers = (JSON.parse(template.text) as readonly WrittenPolicy[]).map(policyMaker)
    if (this.makers.size >= KEPT_TEMPLATES) this.makers.clear()
    this.makers.set(template, makers)
    return makers
  }
}

function policyMaker([role, disposition, written]: WrittenPolicy): PolicyMaker {
  const directives = written.map(([name, sources]) => {
    const made = sources.map((one) =>
      typeof one === 'number' ? one : { expression: one[0], reason: one[1] },
    )
    const shared = made.filter((one) => typeof one !== 'number')
    return { name, made, shared: shared.length === made.length ? shared : undefined }
  })
  return (inline) => ({
    role,
    disposition,
    directives: new Map(
      directives.map(({ name, made, shared }) => [
        name,
        shared ?? made.flatMap((one) => (typeof one === 'number' ? (inline[one] ?? []) : one)),
      ]),
    ),
  })
}

/** A page as outputs see it. Its policies are created on access, because a site may have very many pages. */
class StoredPage implements DeliveredPage {
  readonly #store: PageStore
  readonly #page: number

  constructor(store: PageStore, page: number) {
    this.#store = store
    this.#page = page
  }

  get path(): string {
    return this.#store.path(this.#page)
  }

  get policies(): readonly Policy[] {
    return this.#store.policies(this.#page)
  }
}

/** A page in the result of a run. */
class ResultPage implements DirectoryPage {
  readonly #store: PageStore
  readonly #page: number
  readonly path: string
  readonly changed: boolean
  readonly summary: DirectoryPage['summary']

  constructor(store: PageStore, { page, changed, summary }: PageRecord) {
    this.#store = store
    this.#page = page
    this.path = store.path(page)
    this.changed = changed
    this.summary = summary
  }

  // Define the getter on the class: an object with its own accessor takes eight times as much memory.
  get policies(): readonly Policy[] {
    return this.#store.policies(this.#page)
  }

  toJSON(): DirectoryPage {
    return { ...this, policies: this.policies }
  }
}

/** All pages with policies, for the outputs. */
export function deliveredPages(store: PageStore): DeliveredPage[] {
  return Array.from(store.secured(), (page) => new StoredPage(store, page))
}

/** The current state of all pages with policies, for the result of the run. */
export function directoryPages(store: PageStore): DirectoryPage[] {
  return Array.from(store.secured()).flatMap((page) => {
    const record = store.get(page)
    return record ? [new ResultPage(store, record)] : []
  })
}
