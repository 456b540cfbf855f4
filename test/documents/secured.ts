import { type Options } from '../../src/index.ts'
import { resolveOptions } from '../../src/options.ts'
import { secureSite, type SecuredSite } from '../../src/pipeline.ts'
import { type Refusal, verifySite } from '../../src/verify/index.ts'
import { memorySite } from '../support/memory-site.ts'

/** Files of a small site, beside its page. */
export const FILES: Readonly<Record<string, string>> = {
  'x.js': "import('./y.js')\n",
  'y.js': 'export {}\n',
  'a.css': 'a{}\n',
}

export interface Secured {
  readonly site: SecuredSite
  readonly html: string
  readonly codes: readonly string[]
  /** What the oracle says of the result. */
  readonly refusals: readonly Refusal[]
  /** The page after a second run over the result. */
  readonly again: string
}

/** Secures one page beside {@link FILES}, lets the oracle read the result, and secures the result once more. */
export function secured(html: string, options: Options = {}, files = FILES): Secured {
  const run = (page: string): SecuredSite =>
    secureSite(memorySite({ ...files, 'index.html': page }, '/', graphOf(files)), resolveOptions(options))
  const site = run(html)
  const result = site.pages[0]?.html ?? ''
  const written: Record<string, string> = { ...files, 'index.html': result }
  const { refusals } = verifySite({
    base: '/',
    pages: () => ['index.html'],
    read: (path) => (Object.hasOwn(written, path) ? Buffer.from(written[path] ?? '') : undefined),
  })
  const codes = site.findings.map(({ code }) => code)
  return { site, html: result, codes, refusals, again: run(result).pages[0]?.html ?? '' }
}

function graphOf(files: Readonly<Record<string, string>>) {
  const scripts = Object.entries(files).filter(([path]) => path.endsWith('.js'))
  return new Map(
    scripts.map(([path, code]) => [
      path,
      {
        imports: [],
        dynamicImports: [...code.matchAll(/import\('\.\/([^']+)'\)/g)].flatMap(([, to]) => to ?? []),
        styles: [],
      },
    ]),
  )
}
