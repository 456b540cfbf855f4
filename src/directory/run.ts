import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import { SiteInspector } from '../core/inspect.ts'
import { applyLevels, type Finding, finding } from '../core/findings.ts'
import type { DirectoryPage, DirectoryResult } from '../directory.ts'
import type { ResolvedOptions } from '../options.ts'
import { type DeliveredSite, deliverSite } from '../secure.ts'
import { compressedCopies } from './compressed.ts'
import { directorySite } from './directory-site.ts'
import { DirectoryError } from './errors.ts'
import { guessBase } from './guess-base.ts'
import { decodePage, finishReadPage, type PageReader, type ReadPage, readPage } from './read-pages.ts'
import { readWhole, SiteFiles } from './site-files.ts'
import { SlimPlans } from './slim-plan.ts'
import { Target, type TargetSettings } from './target.ts'
import { isPage, type Walk } from './walk.ts'

export { removeLeftovers } from './staged-writes.ts'
export { walkSite } from './walk.ts'

export interface RunSettings extends TargetSettings {
  readonly base: string | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((done: number, total: number) => void) | undefined
}

/** So many milliseconds a run may hold the event loop before signals and progress get their turn. */
const STRETCH = 50

/** One run over a directory: all pages are read and decided upon, the outputs speak, all pages are finished. */
export class DirectoryRun {
  private readonly files: SiteFiles
  private readonly base: string
  private readonly target: Target
  private readonly findings: Finding[]
  private done = 0
  private paused = performance.now()

  constructor(
    private readonly found: Walk,
    private readonly options: ResolvedOptions,
    private readonly settings: RunSettings,
  ) {
    this.files = new SiteFiles(found.files, options.algorithm)
    this.findings = [...found.findings]
    const read = (page: string): string | undefined => decodePage(this.bytes(page))
    this.base = settings.base ?? guessBase(found.pages, read, (path) => this.files.has(path))
    this.target = Target.of(found, settings)
  }

  async go(): Promise<DirectoryResult> {
    const { context, scripts } = directorySite(this.base, this.files, () => this.found.files.keys())
    const projectFile = (path: string): string | undefined => this.projectFile(path)
    const whole = { ...context, projectFile, environment: process.env }
    const reader: PageReader = {
      context: whole,
      options: this.options,
      plans: new SlimPlans(),
      inspector: new SiteInspector(whole, this.options, (path) => this.files.digest(path)),
      bytes: (path) => this.bytes(path),
    }
    const read = await this.read(reader)
    this.findings.push(...scripts.findings)
    const delivered = deliverSite(
      reader.context,
      read.map(({ planned }) => planned),
      this.options,
    )
    this.findings.push(...delivered.findings)
    return this.write(reader, read, delivered)
  }

  private async read(reader: PageReader): Promise<ReadPage[]> {
    const read: ReadPage[] = []
    for (const path of this.found.pages) {
      const { page, findings } = readPage(reader, path)
      if (page) read.push(page)
      this.findings.push(...findings)
      await this.step()
    }
    return read
  }

  private async write(
    reader: PageReader,
    read: readonly ReadPage[],
    delivered: DeliveredSite,
  ): Promise<DirectoryResult> {
    const { writes } = this.target
    try {
      const pages: DirectoryPage[] = []
      for (const page of read) {
        pages.push(this.finish(reader, page, delivered))
        await this.step()
      }
      for (const file of delivered.files) this.target.putOutput(file)
      if (this.settings.out !== undefined) await this.copyRest()
      const findings = applyLevels(this.findings, this.options.findings)
      const written = !this.settings.dryRun && !findings.some(({ severity }) => severity === 'error')
      if (written) writes.commit()
      else writes.discard()
      const { changed } = this.target
      const { places, notes } = delivered
      return { directory: this.found.root, base: this.base, pages, written, changed, places, notes, findings }
    } catch (error) {
      writes.discard()
      throw error
    }
  }

  private finish(reader: PageReader, page: ReadPage, delivered: DeliveredSite): DirectoryPage {
    const { path } = page.planned
    const { before, secured } = finishReadPage(reader, page, delivered.metasOf(path))
    const after = Buffer.from(secured.html)
    for (const copy of compressedCopies(path, before, after, (name) => this.files.read(name))) {
      if (!copy.renewed) this.findings.push(finding('compressed-stale', { path: copy.path, page: path }))
      else if (!after.equals(before)) this.target.put(copy.path, copy.renewed)
    }
    const changed = this.target.put(path, after)
    return { path, changed, policies: secured.policies, summary: secured.summary }
  }

  /** What is no page goes into a copy as it is, except what an output or a renewed copy put there. */
  private async copyRest(): Promise<void> {
    for (const [path, real] of this.found.files) {
      if (this.target.has(path)) continue
      this.target.put(path, readWhole(real, path))
      await this.step(0)
    }
  }

  private bytes(path: string): Buffer {
    const real = this.found.files.get(path)
    if (real === undefined || !isPage(path)) throw new RangeError(`${path} is no page of the site`)
    return readWhole(real, path)
  }

  private projectFile(path: string): string | undefined {
    try {
      return readFileSync(join(this.settings.project, path), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw DirectoryError.from(error, 'read', path)
    }
  }

  /** @throws {DirectoryError} if the run was stopped */
  private async step(steps = 1): Promise<void> {
    this.done += steps
    if (performance.now() - this.paused < STRETCH) return
    this.settings.onProgress?.(this.done, this.found.pages.length * 2)
    await pause()
    this.paused = performance.now()
    if (this.settings.signal?.aborted)
      throw new DirectoryError('aborted', 'The run was stopped. Nothing was changed.')
  }
}
