import { setImmediate as pause } from 'node:timers/promises'
import { applyLevels } from '../core/findings/index.ts'
import type { SiteContext, Span } from '../core/site/model.ts'
import type { DirectoryResult } from './api.ts'
import { SeenFindings } from '../core/rules/seen-findings.ts'
import type { ResolvedOptions } from '../options.ts'
import { json } from '../outputs/json.ts'
import { meta, policiesForMeta } from '../outputs/meta.ts'
import { type DeliveredSite, deliverSite, serialisedMetas } from '../pipeline.ts'
import { type DataModule, findDataModules } from '../core/graph/data-modules.ts'
import { DirectoryError } from '../files/errors.ts'
import { idleGlobs } from '../core/page/left-pages.ts'
import { leftPages } from './left-pages.ts'
import { guessBase } from './guess-base.ts'
import type { Listing } from '../files/walk.ts'
import { decodePage } from '../files/read.ts'
import { PageQueue, type WorkFailure, workOn } from './page-queue.ts'
import { PageStore } from './page-store.ts'
import { mostThreads, PageThreads, threadsWorthwhile } from './threads.ts'
import { type PageBatch, type PageNews, PageWork, type WorkSetup } from './page-work.ts'
import { deliveredPages, directoryPages } from './page-store.ts'
import { RunMemory } from './run-cache.ts'
import { readWhole, SiteFiles } from '../files/file-cache.ts'
import { unstageFile } from '../files/staged-writes.ts'
import { Target, type TargetSettings } from './target.ts'
import type { Walk } from '../files/walk.ts'
import { isScript } from '../core/graph/graph.ts'

export { removeLeftovers } from '../files/staged-writes.ts'
export { walkSite } from '../files/walk.ts'

export interface RunSettings extends TargetSettings {
  readonly base: string | undefined
  /** The maximum number of threads. `undefined`: one per processor, up to a limit. */
  readonly threads: number | undefined
  /** The cache file. */
  readonly cache: string | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((done: number, total: number) => void) | undefined
}

/** The longest time in milliseconds to block the event loop before handling signals and progress. */
const STRETCH = 50

/** Outputs whose effect on the metas of pages is known in advance: `meta` sets them, `json` never touches them. */
const FORESEEN: ReadonlySet<unknown> = new Set([meta, json])

/**
 * One run over a directory. Each page is read, processed and staged in one step, on as many threads as pay off. Then
 * the outputs run on all pages. If they want other metas in a page than it was given, the page is processed again.
 */
export class DirectoryRun {
  private readonly base: string
  private readonly target: Target
  private readonly work: PageWork
  private readonly setup: WorkSetup
  private readonly store: PageStore
  private readonly threads = new PageThreads()
  private readonly news: PageNews[] = []
  private readonly failures: WorkFailure[] = []
  private readonly memory: RunMemory | undefined
  private looked: { readonly page: number; readonly spans: readonly Span[] } | undefined
  private paused = performance.now()

  /** @throws {DirectoryError} if a page or script cannot be read */
  static async of(found: Walk, options: ResolvedOptions, settings: RunSettings): Promise<DirectoryRun> {
    const bytes = (path: string): Buffer => readWhole(found.files.place(path), path)
    const made = await findDataModules({
      scripts: [...found.files.keys()].filter(isScript),
      pages: found.pages,
      script: bytes,
      page: (path) => decodePage(bytes(path)),
    })
    return new DirectoryRun(found, options, settings, made)
  }

  private constructor(
    private readonly found: Walk,
    private readonly options: ResolvedOptions,
    private readonly settings: RunSettings,
    private readonly made: readonly DataModule[],
  ) {
    const files = new SiteFiles(found.files, options.algorithm)
    const read = (page: string): string | undefined => decodePage(readWhole(found.files.place(page), page))
    this.base = settings.base ?? guessBase(found.pages, read, (path) => files.has(path))
    this.target = Target.of(found, settings)
    const setup: WorkSetup = {
      made,
      base: this.base,
      options: { ...options, outputs: options.outputs.map(({ name }) => ({ name })) },
      metas: this.metas(),
      dryRun: settings.dryRun,
      remembers: false,
    }
    this.memory = this.memoryOf(setup)
    this.setup = { ...setup, remembers: this.memory !== undefined }
    this.work = new PageWork(this.setup, { site: found.files, out: this.out }, settings.onChange)
    this.store = new PageStore(found.pages, (page) => this.spansOf(page))
  }

  async go(): Promise<DirectoryResult> {
    const result = await this.secured()
    if (result.written) this.remember()
    return result
  }

  private async secured(): Promise<DirectoryResult> {
    try {
      await this.secureAll()
      const { context } = this.work.site
      const projectFile = (path: string): string | undefined => this.target.projectFile(path)
      const delivered = deliverSite(
        { ...context, projectFile, directory: this.found.root, environment: process.env },
        deliveredPages(this.store),
        this.options,
        this.found.files.excluded,
      )
      return await this.write(delivered, context)
    } catch (error) {
      await this.discard()
      throw error
    } finally {
      await this.threads.end()
    }
  }

  /** The output directory, if it is not the site itself. */
  private get out(): Listing | undefined {
    return this.settings.out === undefined ? undefined : this.target.files
  }

  /** No cache is used if pages are written elsewhere or have to wait for the outputs. */
  private memoryOf(setup: WorkSetup): RunMemory | undefined {
    const { cache } = this.settings
    if (cache === undefined || this.out || setup.metas === 'unknown') return undefined
    const { files, pages } = this.found
    return new RunMemory({ file: cache, setup, listing: files, pages })
  }

  private remember(): void {
    const { store, news, target } = this
    this.memory?.save({ store, news, added: target.added })
  }

  /** Records of skipped pages have no positions, so read the page when positions are needed. */
  private spansOf(page: number): readonly Span[] {
    if (this.looked?.page !== page) this.looked = { page, spans: this.work.spans(page) }
    return this.looked.spans
  }

  private metas(): WorkSetup['metas'] {
    const { outputs, layout } = this.options
    const withMeta = outputs.includes(meta)
    const ofAllPages = withMeta && layout === 'union'
    // Do not call onChange for a page that may still be rewritten.
    if (ofAllPages || (this.settings.onChange && !this.foreseen())) return 'unknown'
    return withMeta || layout === 'split' ? 'own' : 'none'
  }

  /** True if the metas of all pages are known before the outputs run. */
  private foreseen(): boolean {
    const { outputs, layout } = this.options
    return outputs.includes(meta) && layout !== 'union' && outputs.every((output) => FORESEEN.has(output))
  }

  private async secureAll(): Promise<void> {
    const { found, settings, threads, work } = this
    const queue = new PageQueue(found.pages.length, (page) => ({ page, known: this.memory?.hashOf(page) }))
    const most = settings.onChange ? 1 : mostThreads(settings.threads)
    for (let tasks = queue.take(); tasks.length > 0; tasks = queue.take()) {
      const failure = workOn(work, tasks)
      if (failure) {
        this.failures.push(failure)
        queue.end(failure.page)
      }
      this.keep(work.take())
      if (queue.left > 0 && most > 1 && threads.count === 0) {
        const count = settings.threads === undefined ? threadsWorthwhile(work, queue, most) : most - 1
        const data = { setup: this.setup, site: found.files.packed, out: this.out?.packed }
        threads.start(count, data, queue, (batch) => this.keep(batch))
      }
      await this.step(queue.taken, () => queue.end(0))
    }
    this.failures.push(...(await threads.finished()))
    await this.step(found.pages.length, () => undefined, true)
    const [first] = this.failures.toSorted((a, b) => a.page - b.page)
    if (first) throw first.error
    this.news.push(...(this.memory?.restore(this.store) ?? []))
  }

  /** Stores the results of a batch from any thread. */
  private keep({ records, news, hashes, used }: PageBatch): void {
    for (const record of records) this.store.add(record)
    this.news.push(...news)
    this.memory?.note(hashes, used)
  }

  private async write(delivered: DeliveredSite, context: SiteContext): Promise<DirectoryResult> {
    const { target, found, options } = this
    const { writes } = target
    const news = this.news.toSorted((a, b) => a.page - b.page)
    const late = new Map(news.map((one) => [one.page, one]))
    const seen = new SeenFindings()
    const ofPages = news.flatMap((one) => seen.newOf(one).findings)
    const left = leftPages(found, news)
    const idle = idleGlobs(options.pages, [...found.pages, ...found.files.excluded])
    const findings = [...found.findings, ...idle, ...ofPages, ...seen.ofSite(context), ...delivered.findings]
    for (const page of this.store.secured()) {
      const done = (await this.redone(page, delivered)) ?? late.get(page)
      for (const copy of done?.copies ?? []) target.adopt(copy.path, copy)
      const record = this.store.get(page)
      if (record) target.adopt(this.store.path(page), record)
      findings.push(...(done?.finished ?? []))
    }
    for (const { path, text } of this.made) target.put(path, Buffer.from(text))
    for (const file of delivered.files) target.putOutput(file)
    if (this.settings.out !== undefined) await this.copyRest()
    const levelled = applyLevels(findings, options.findings)
    const written = !this.settings.dryRun && levelled.every(({ severity }) => severity !== 'error')
    await this.checkUnchanged()
    if (written) {
      writes.commit()
      const others = this.threads.settle()
      this.work.settle()
      await others
    } else await this.discard()
    const { places, notes } = delivered
    return {
      directory: found.root,
      base: this.base,
      pages: directoryPages(this.store),
      left,
      written,
      changed: target.changed,
      places,
      notes,
      findings: levelled,
    }
  }

  /** Processes a page again if the outputs want other metas in it than it was given. */
  private async redone(
    page: number,
    delivered: DeliveredSite,
  ): Promise<Pick<PageNews, 'copies' | 'finished'> | undefined> {
    if (this.foreseen()) return undefined
    const { metas } = this.setup
    const wanted = delivered.metasOf(this.found.pages[page] ?? '')
    if (metas !== 'unknown') {
      const given = metas === 'own' ? policiesForMeta(this.store.policies(page)) : []
      if (serialisedMetas(given) === serialisedMetas(wanted)) return undefined
    }
    const { copies, findings, ...redone } = this.work.redo(page, wanted)
    this.store.redone(page, redone)
    if (redone.left !== undefined) this.memory?.leave(page, redone.left)
    await this.step(page, () => undefined)
    return { copies, finished: findings }
  }

  /** @throws {DirectoryError} if a page has changed since it was read */
  private async checkUnchanged(): Promise<void> {
    const others = this.threads.changedMeanwhile()
    const own = this.work.changedMeanwhile()
    const [path] = [...(own === undefined ? [] : [own]), ...(await others)].toSorted()
    if (path !== undefined) throw DirectoryError.changed(path)
  }

  private async discard(): Promise<void> {
    this.target.writes.discard()
    this.work.discard()
    if (await this.threads.discard()) return
    // A crashed worker cannot report what it staged, so remove the temporary file of every page.
    for (const path of this.found.pages) unstageFile(this.target.files.place(path))
  }

  /** Copies every file that is not a page, except those that an output or a compressed copy has replaced. */
  private async copyRest(): Promise<void> {
    for (const path of this.found.files.keys()) {
      if (this.target.has(path)) continue
      this.target.put(path, readWhole(this.found.files.place(path), path))
      await this.step(this.found.pages.length, () => undefined)
    }
  }

  /**
   * If it is time, yields to messages of threads, signals and progress.
   * @throws {DirectoryError} if the run was aborted
   */
  private async step(done: number, stop: () => void, last = false): Promise<void> {
    const due = last || performance.now() - this.paused >= STRETCH
    if (!due && this.threads.count === 0) return
    if (due) this.settings.onProgress?.(done, this.found.pages.length)
    await pause()
    if (due) this.paused = performance.now()
    if (!this.settings.signal?.aborted) return
    stop()
    await this.threads.finished()
    throw new DirectoryError('aborted', 'The run was stopped. Nothing was changed.')
  }
}
