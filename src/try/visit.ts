import { randomUUID } from 'node:crypto'
import { fromEvent, type Violation } from '../core/violations/violation.ts'
import type { DrivenBrowser, DrivenPage } from './driver.ts'
import { TryError } from './errors.ts'

/** The behaviour of a page in the browser. */
export interface Visit {
  readonly url: string
  readonly violations: readonly Violation[]
  /** Uncaught errors and `console.error`. */
  readonly errors: readonly string[]
  /** Whether the page had a policy, in a header or in a meta. */
  readonly protected: boolean
  readonly text: string
  /** URLs of the scripts that were loaded. */
  readonly scripts: readonly string[]
  /** URLs of its links to pages of the same origin. */
  readonly links: readonly string[]
}

/** The function of the user's `--script`. Its argument is the page object of Playwright or Puppeteer. */
export type UserScript = (page: unknown, url: string) => unknown

export interface VisitSettings {
  /** Whether to load every script that the page's import map names. */
  readonly importAll: boolean
  readonly script: UserScript | undefined
  readonly ignorePolicy: boolean
}

const LOAD_TIMEOUT = 30_000
/** Milliseconds without a request after which a page counts as idle. */
const QUIET = 500
/** Pages that poll their server are never idle, so waiting ends after this many rounds. */
const MOST_QUIET_ROUNDS = 20

/** Matches console messages about blocked resources, which are explained separately. */
const REFUSAL = /Content[- ]Security[- ]Policy/i

/**
 * The script that runs at the start of every document and collects violations. Most policies do not ask for
 * samples, so the text is read from the element. Violations are sent as console messages with a secret prefix, so
 * that the page's markup, headers and globals stay unchanged. The functions that the script uses are saved before
 * the page can replace them.
 */
function collector(token: string): string {
  return `{
  const say = console.debug.bind(console), json = JSON.stringify
  const counts = new WeakMap()
  const attribute = (t, directive) => {
    if (directive === 'style-src-attr') return t.getAttribute('style') || undefined
    const handlers = [...t.attributes].filter(({ name }) => name.startsWith('on'))
    const count = counts.get(t) || 0
    counts.set(t, count + 1)
    return handlers[count % handlers.length]?.value
  }
  const whole = (e) => {
    const t = (e.composedPath && e.composedPath()[0]) || e.target
    if (e.blockedURI !== 'inline' || !t || t.nodeType !== 1) return undefined
    if (e.effectiveDirective.endsWith('-attr')) return attribute(t, e.effectiveDirective)
    return /^(?:script|style)$/i.test(t.localName) ? t.textContent : undefined
  }
  addEventListener('securitypolicyviolation', (e) => say(${JSON.stringify(token)} + json({
    effectiveDirective: e.effectiveDirective, blockedURI: e.blockedURI, sample: e.sample, sourceFile: e.sourceFile || '',
    lineNumber: e.lineNumber, columnNumber: e.columnNumber, originalPolicy: e.originalPolicy,
    documentURI: /^https?:/.test(e.documentURI) ? e.documentURI : '', text: whole(e) })), true)
}`
}

const IDLE = `(async () => {
  let known = -1
  for (let round = 0; round < ${MOST_QUIET_ROUNDS}; round++) {
    const now = performance.getEntriesByType('resource').length
    if (now === known) return
    known = now
    await new Promise((next) => setTimeout(next, ${QUIET}))
  }
})()`

/** If the page has no import map, there is no list of scripts that it may load later, so nothing is imported. */
const IMPORT_ALL = `(async () => {
  const map = document.querySelector('script[type=importmap]')
  const { integrity = {} } = map ? JSON.parse(map.textContent) : {}
  for (const key of Object.keys(integrity))
    await import(new URL(key, document.baseURI).href).catch((error) => console.error(String(error)))
})()`

const STATE = `JSON.stringify({
  text: document.body ? document.body.innerText : '',
  meta: document.querySelector('meta[http-equiv="Content-Security-Policy" i]') !== null,
  links: [...document.links].map(({ href }) => href),
  scripts: performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\\.m?js(?:[?#]|$)/.test(name)),
})`

/** Opens a page, waits until it is idle, and records what the browser blocked. Nothing is clicked. */
export async function visit(browser: DrivenBrowser, url: string, settings: VisitSettings): Promise<Visit> {
  const token = `csp-hashes-${randomUUID()}:`
  const page = await browser.open(collector(token), settings.ignorePolicy)
  const violations: Violation[] = []
  const errors: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    if (text.startsWith(token)) violations.push(read(text.slice(token.length), url))
    else if (message.type() === 'error' && !REFUSAL.test(text)) errors.push(text)
  })
  page.on('pageerror', (error) => {
    if (!REFUSAL.test(String(error))) errors.push(String(error))
  })
  try {
    const response = await page.goto(url, { waitUntil: 'load', timeout: LOAD_TIMEOUT })
    await page.evaluate(IDLE)
    if (settings.importAll) await page.evaluate(IMPORT_ALL)
    await runScript(page, url, settings.script)
    if (settings.importAll || settings.script) await page.evaluate(IDLE)
    const state = JSON.parse(String(await page.evaluate(STATE))) as Pick<
      Visit,
      'text' | 'links' | 'scripts'
    > & {
      readonly meta: boolean
    }
    const headers = Object.keys(response?.headers() ?? {})
    return {
      url,
      violations,
      errors,
      protected: state.meta || headers.some((name) => /^content-security-policy/i.test(name)),
      text: state.text,
      scripts: [...new Set(state.scripts)],
      links: state.links,
    }
  } catch (error) {
    if (error instanceof TryError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new TryError('unreachable', `${url} cannot be opened: ${message}`, { cause: error })
  } finally {
    await page.close()
  }
}

/** A document without its own URL (`srcdoc`, `about:blank`) is reported under the URL of the page. */
function read(json: string, url: string): Violation {
  const violation = fromEvent(JSON.parse(json) as Readonly<Record<string, unknown>>)
  return violation.document === '' ? { ...violation, document: url } : violation
}

async function runScript(page: DrivenPage, url: string, script: UserScript | undefined): Promise<void> {
  try {
    await script?.(page, url)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TryError('script', `The script failed on ${url}: ${message}`, { cause: error })
  }
}
