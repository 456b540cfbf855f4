import type { Policy, Source, Span } from '../core/site/model.ts'
import type { DeliveredPage } from '../outputs/output.ts'
import type { SecuredPage } from '../pipeline.ts'
import type { DirectoryPage } from './api.ts'

type Summary = SecuredPage['summary']

/** What became of a page, in bits. */
export const MARK = {
  /** It was read and decided upon. */
  secured: 1,
  /** It differs from what stands in its place. */
  changed: 2,
  /** There is a file in its place. */
  exists: 4,
} as const

/** Records of some pages, in a form that is cheap to hand to another thread. */
export interface PackedRecords {
  /** Texts that the numbers name by their place, counted over all packs of one writer. */
  readonly texts: readonly string[]
  readonly numbers: Int32Array
}

/** Numbers of a record before those of its inline sources, which come in threes: text, start, end. */
const HEAD = 8
const SLOT = 3

/** Where the numbers of texts stand in a record: that of its template, then those of its inline sources. */
function* textSlots(length: number): Generator<number> {
  if (length >= HEAD) yield HEAD - 1
  for (let slot = HEAD; slot < length; slot += SLOT) yield slot
}

/** A source of a policy as text: an inline one is a number, since what it stands for differs from page to page. */
type WrittenSource = number | readonly [expression: string, reason: Source['reason']]
type WrittenPolicy = readonly [
  role: Policy['role'],
  disposition: Policy['disposition'],
  directives: readonly (readonly [name: string, sources: readonly WrittenSource[]])[],
]

/** Where something stands in its page is not known of a page that nobody has looked into. */
const NOWHERE = -1

interface InlineSource {
  readonly expression: string
  readonly what: string
  readonly start: number
  readonly end: number
}

/** A record that outlives its run: the template of the policies and the inline sources, as text. */
export interface KeptRecord {
  readonly summary: Summary
  readonly texts: readonly string[]
}

/** Writes of each page what is needed until all are done, and no more: texts that pages share are written once. */
export class RecordWriter {
  private readonly known = new Map<string, number>()
  private texts: string[] = []
  private numbers: number[] = []

  add(page: number, marks: number, summary: Summary, policies: readonly Policy[]): void {
    const inline: InlineSource[] = []
    const template = JSON.stringify(policies.map((policy) => written(policy, inline)))
    const { inlineScripts, pinnedFiles, policyLength, importMapLength } = summary
    const length = HEAD + inline.length * SLOT
    this.numbers.push(length, page, marks, inlineScripts, pinnedFiles, policyLength, importMapLength)
    this.numbers.push(this.text(template))
    for (const { expression, what, start, end } of inline)
      this.numbers.push(this.text(`${expression} ${what}`), start, end)
  }

  /** What was added since the last time. */
  take(): PackedRecords {
    const pack = { texts: this.texts, numbers: Int32Array.from(this.numbers) }
    this.texts = []
    this.numbers = []
    return pack
  }

  private text(text: string): number {
    const known = this.known.get(text)
    if (known !== undefined) return known
    const number = this.known.size
    this.known.set(text, number)
    this.texts.push(text)
    return number
  }
}

/** Where the inline sources of a page's policies stand, in the order in which a record names them. */
export function inlineSpans(policies: readonly Policy[]): Span[] {
  const inline: InlineSource[] = []
  for (const policy of policies) written(policy, inline)
  return inline.map(({ start, end }) => ({ start, end }))
}

function written({ role, disposition, directives }: Policy, inline: InlineSource[]): WrittenPolicy {
  const sourceOf = ({ expression, reason }: Source): WrittenSource => {
    if (reason.kind !== 'inline') return [expression, reason]
    const { what, span } = reason
    const known = inline.findIndex((one) => one.start === span.start && one.expression === expression)
    return known === -1 ? inline.push({ expression, what, ...span }) - 1 : known
  }
  return [role, disposition, [...directives].map(([name, sources]) => [name, sources.map(sourceOf)])]
}

/** Makes the policy of a page of its inline sources. */
type Template = (inline: readonly Source[]) => Policy

/** So many sets of policies are kept as objects; pages of a site have few that differ. */
const KEPT_TEMPLATES = 64

/** The records of all pages, whoever wrote them: some hundred bytes a page. */
export class PageRecords {
  private readonly texts: string[] = []
  private readonly known = new Map<string, number>()
  private readonly summaries = new Map<string, Summary>()
  private readonly templates = new Map<number, readonly Template[]>()
  private readonly starts: Int32Array
  private numbers = new Int32Array(1024)
  private size = 0

  constructor(
    private readonly pages: readonly string[],
    /** Looks into a page for {@link inlineSpans}. */
    private readonly spansOf: (page: number) => readonly Span[],
  ) {
    this.starts = new Int32Array(pages.length).fill(-1)
  }

  /** Numbers of the pages that were decided upon. */
  *secured(): Generator<number> {
    for (let page = 0; page < this.pages.length; page++) if (this.marks(page) & MARK.secured) yield page
  }

  path(page: number): string {
    return this.pages[page] ?? ''
  }

  /** What another run can know of a page, with nothing in it that depends on where something stands. */
  kept(page: number): KeptRecord {
    const texts: string[] = []
    for (const slot of textSlots(this.at(page, 0))) texts.push(this.texts[this.at(page, slot)] ?? '')
    return { summary: this.summary(page), texts }
  }

  /** Takes over what an earlier run knew of a page, which is as that one left it. */
  restore(page: number, { summary, texts }: KeptRecord): void {
    const { inlineScripts, pinnedFiles, policyLength, importMapLength } = summary
    const [template = 0, ...inline] = texts.map((text) => this.text(text))
    const numbers = [inlineScripts, pinnedFiles, policyLength, importMapLength, template]
    const slots = inline.flatMap((text) => [text, NOWHERE, NOWHERE])
    const length = HEAD + slots.length
    this.put(Int32Array.from([length, page, MARK.secured | MARK.exists, ...numbers, ...slots]))
  }

  /** A place to put the records of one writer. */
  reader(): (pack: PackedRecords) => void {
    const numberOf: number[] = []
    return ({ texts, numbers }) => {
      for (const text of texts) numberOf.push(this.text(text))
      for (let at = 0; at < numbers.length;) {
        const length = numbers[at] ?? 0
        const start = this.put(numbers.subarray(at, at + length))
        for (const slot of textSlots(length))
          this.numbers[start + slot] = numberOf[this.numbers[start + slot] ?? 0] ?? 0
        at += length
      }
    }
  }

  marks(page: number): number {
    return this.at(page, 2)
  }

  /** Tells what became of a page after all. */
  mark(page: number, marks: number): void {
    this.numbers[(this.starts[page] ?? 0) + 2] = marks
  }

  summary(page: number): Summary {
    const [inlineScripts, pinnedFiles, policyLength, importMapLength] = [3, 4, 5, 6].map((at) =>
      this.at(page, at),
    ) as [number, number, number, number]
    const key = `${inlineScripts} ${pinnedFiles} ${policyLength} ${importMapLength}`
    const summary = this.summaries.get(key) ?? { inlineScripts, pinnedFiles, policyLength, importMapLength }
    this.summaries.set(key, summary)
    return summary
  }

  /** The policies of a page, made anew each time. */
  policies(page: number): Policy[] {
    const path = this.path(page)
    const inline: Source[] = []
    for (let slot = HEAD; slot < this.at(page, 0); slot += SLOT) {
      const text = this.texts[this.at(page, slot)] ?? ''
      const end = text.indexOf(' ')
      const what = text.slice(end + 1)
      inline.push({ expression: text.slice(0, end), reason: this.inlineReason(page, path, what, slot) })
    }
    return this.template(this.at(page, HEAD - 1)).map((template) => template(inline))
  }

  private inlineReason(page: number, path: string, what: string, slot: number): Source['reason'] {
    const span = { start: this.at(page, slot + 1), end: this.at(page, slot + 2) }
    if (span.start !== NOWHERE) return { kind: 'inline', page: path, span, what }
    const look = (): Span => this.spansOf(page)[(slot - HEAD) / SLOT] ?? span
    return {
      kind: 'inline',
      page: path,
      get span() {
        return look()
      },
      what,
    }
  }

  private at(page: number, offset: number): number {
    const start = this.starts[page] ?? -1
    return start === -1 ? 0 : (this.numbers[start + offset] ?? 0)
  }

  private put(record: Int32Array): number {
    const start = this.size
    this.size += record.length
    if (this.size > this.numbers.length) {
      const larger = new Int32Array(this.size + (this.size >> 1))
      larger.set(this.numbers)
      this.numbers = larger
    }
    this.numbers.set(record, start)
    this.starts[record[1] ?? 0] = start
    return start
  }

  private text(text: string): number {
    const known = this.known.get(text)
    if (known !== undefined) return known
    const number = this.texts.push(text) - 1
    this.known.set(text, number)
    return number
  }

  private template(text: number): readonly Template[] {
    const known = this.templates.get(text)
    if (known) return known
    const parsed = (JSON.parse(this.texts[text] ?? '[]') as readonly WrittenPolicy[]).map(templateOf)
    if (this.templates.size >= KEPT_TEMPLATES) this.templates.clear()
    this.templates.set(text, parsed)
    return parsed
  }
}

function templateOf([role, disposition, written]: WrittenPolicy): Template {
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

/** A page as outputs see it. Its policies are made when they are asked for: a site may have tens of thousands of pages. */
class RecordedPage implements DeliveredPage {
  readonly #records: PageRecords
  readonly #page: number

  constructor(records: PageRecords, page: number) {
    this.#records = records
    this.#page = page
  }

  get path(): string {
    return this.#records.path(this.#page)
  }

  get policies(): readonly Policy[] {
    return this.#records.policies(this.#page)
  }
}

/** A page as whoever asked for the run sees it. */
class ResultPage implements DirectoryPage {
  readonly #records: PageRecords
  readonly #page: number
  readonly path: string
  readonly changed: boolean
  readonly summary: DirectoryPage['summary']

  constructor(records: PageRecords, page: number) {
    this.#records = records
    this.#page = page
    this.path = records.path(page)
    this.changed = (records.marks(page) & MARK.changed) !== 0
    this.summary = records.summary(page)
  }

  // Not a property of its own: an object with one of those takes up eight times as much room.
  get policies(): readonly Policy[] {
    return this.#records.policies(this.#page)
  }

  toJSON(): DirectoryPage {
    return { ...this, policies: this.policies }
  }
}

/** All pages, for the outputs. */
export function deliveredPages(records: PageRecords): DeliveredPage[] {
  return Array.from(records.secured(), (page) => new RecordedPage(records, page))
}

/** All pages as they have become, for whoever asked for the run. */
export function directoryPages(records: PageRecords): DirectoryPage[] {
  return Array.from(records.secured(), (page) => new ResultPage(records, page))
}
