import { scanPage } from '../../../src/core/html/scan.ts'
import { secured } from '../../documents/secured.ts'
import type { ExternalScript, InlineScript } from '../../../src/core/site/model.ts'
import type { Browser, Visit } from '../index.ts'
import { nameOfText, nameOfUrl, nameScripts } from './named.ts'
import { type Library, serveDocuments } from './serve-documents.ts'

export interface Candidate {
  /** A seed, or the test that it comes from. */
  readonly title: string
  readonly html: string
}

interface Judged extends Candidate {
  readonly index: number
  /** Scripts that a browser is said to check. */
  readonly listed: ReadonlySet<string>
  /** Scripts of inert templates, which a clone may bring to life. */
  readonly dormant: ReadonlySet<string>
  /** The page is not secured: the run refused it, and said so. */
  readonly refused: boolean
}

export interface Difference {
  readonly title: string
  readonly what: string
  readonly html: string
}

/** Documents open at once. */
const BATCH = 25

/** The text of a script may be no JavaScript here, and nothing can pin a script inside a `srcdoc`. */
const TOLD: ReadonlySet<string> = new Set(['script-unreadable', 'integrity-missing'])

const FILE = 'void 0\n'

/**
 * Scripts that are listed for a browser that may run them, or not. A frame in a template comes to life as scripts there
 * do: with a clone. What MathML and a select hold is not the same in all engines. An SVG script that holds elements is closed without being run if its end tag stands inside of one.
 */
function mayBeInert(script: InlineScript | ExternalScript, html: string): boolean {
  if (/<(?:math|select)\b/i.test(html)) return true
  if (script.context === 'template') return true
  if (script.context === 'srcdoc') return /<template/i.test(html)
  if (script.kind === 'external-script') return false
  const raw = html.slice(script.textSpan.start, script.textSpan.end).replaceAll(/\r\n?/g, '\n')
  return raw !== script.text && /<[a-z]/i.test(raw)
}

function read(candidate: Candidate, index: number, first: number): { judged: Judged; next: number } {
  const { html, next } = nameScripts(candidate.html, first)
  const listed = new Set<string>()
  const dormant = new Set<string>()
  for (const resource of scanPage('index.html', html).resources) {
    if (resource.kind !== 'inline-script' && resource.kind !== 'external-script') continue
    if (resource.type === 'data' || (resource.nomodule && resource.type === 'classic')) continue
    const name = resource.kind === 'inline-script' ? nameOfText(resource.text) : nameOfUrl(resource.url)
    const inert = mayBeInert(resource, html)
    if (name !== undefined) (inert ? dormant : listed).add(name)
  }
  return { judged: { ...candidate, html, index, listed, dormant, refused: false }, next }
}

/** The page with its policy, and what can be seen of it without a browser. */
function secure(judged: Judged): { page: string; differences: Difference[] } | undefined {
  const names = [...judged.html.matchAll(/\/x\/(s\d+\.js)/g)].map(([, file]) => [`x/${file}`, FILE])
  const { html, codes, refusals, again } = secured(judged.html, {}, Object.fromEntries(names))
  if (codes.includes('result-refused')) return undefined
  const differ = (what: string): Difference => ({ title: judged.title, what, html: judged.html })
  return {
    page: html,
    differences: [
      ...(again === html ? [] : [differ('a second run changes it')]),
      ...refusals
        .filter(({ severity, code }) => severity === 'error' && !TOLD.has(code))
        .map(({ code }) => differ(`verify refuses the result: ${code}`)),
    ],
  }
}

const inBatches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )

async function open(browser: Browser, library: Library, paths: readonly string[]): Promise<Visit> {
  return browser.visit(`${library.origin}/gallery?of=${paths.join(',')}`)
}

/** Names of the scripts that an engine checks before it would run them. */
async function checkedIn(
  browser: Browser,
  library: Library,
  documents: readonly Judged[],
): Promise<Set<string>> {
  const visit = await open(
    browser,
    library,
    documents.map(({ index }) => `/written/${index}.html`),
  )
  const violations = await visit.violations()
  return new Set(violations.flatMap(({ sample, blocked }) => nameOfText(sample) ?? nameOfUrl(blocked) ?? []))
}

/** What an engine refuses of the pages with their policies. */
async function refusedIn(
  browser: Browser,
  library: Library,
  documents: readonly Judged[],
): Promise<string[]> {
  const visit = await open(
    browser,
    library,
    documents.map(({ index }) => `/secured/${index}.html`),
  )
  const violations = await visit.violations()
  return violations.map(
    ({ directive, blocked, sample, line }) => `${directive} ${blocked} line ${line} ${sample}`,
  )
}

/**
 * Compares what the scan says that browsers check with what they check, and opens each page with its policy: nothing
 * of the page may be refused.
 */
export async function differencesOf(
  browsers: readonly Browser[],
  candidates: readonly Candidate[],
): Promise<{ differences: Difference[]; scripts: number; refused: number }> {
  const library = await serveDocuments()
  const differences: Difference[] = []
  let scripts = 0
  let refused = 0
  let next = 1
  try {
    for (const batch of inBatches(candidates, BATCH)) {
      const all = batch.map((candidate, position) => {
        const one = read(candidate, next * 1000 + position, next)
        next = one.next
        return one.judged
      })
      const safe: Judged[] = []
      for (const judged of all) {
        const result = secure(judged)
        library.put(judged.index, judged.html, result?.page)
        if (result) safe.push(judged)
        else refused++
        differences.push(...(result?.differences ?? []))
      }
      scripts += all.reduce((sum, { listed }) => sum + listed.size, 0)
      const checked = new Set<string>()
      for (const browser of browsers) {
        const here = await checkedIn(browser, library, all)
        for (const judged of all)
          for (const [, name] of judged.html.matchAll(/\b(s\d+)\b/g))
            if (here.has(name!) && !judged.listed.has(name!) && !judged.dormant.has(name!))
              differences.push({
                title: judged.title,
                what: `${browser.engine} runs ${name}, which is not listed`,
                html: judged.html,
              })
        for (const name of here) checked.add(name)
        if ((await refusedIn(browser, library, safe)).length === 0) continue
        for (const judged of safe)
          for (const what of await refusedIn(browser, library, [judged]))
            differences.push({
              title: judged.title,
              what: `${browser.engine} refuses ${what}`,
              html: judged.html,
            })
      }
      // One engine alone may be the one that does not trim a type.
      if (browsers.length < 2) continue
      for (const judged of all)
        for (const name of judged.listed)
          if (!checked.has(name))
            differences.push({
              title: judged.title,
              what: `${name} is listed, and no engine runs it`,
              html: judged.html,
            })
    }
  } finally {
    await library.close()
  }
  return { differences, scripts, refused }
}
