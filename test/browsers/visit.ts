import { randomUUID } from 'node:crypto'

export interface Violation {
  directive: string
  blocked: string
  source: string
  line: number
  sample: string
  disposition: string
}

/** One loaded page. In WebKit a browser shows one page at a time: a new visit ends the one before. */
export interface Visit {
  /**
   * The JSON value of an expression, awaited. The page's policy does not forbid the expression itself; in Firefox
   * it frees even an `eval` inside it, so test eval with code of the page.
   */
  evaluate<T>(expression: string): Promise<T>
  /** A trusted click, as a user makes it. */
  click(selector: string): Promise<void>
  /** Polls until the expression is truthy; a time-out tells the violations and errors so far. */
  waitFor(expression: string, timeoutMs?: number): Promise<void>
  text(selector: string): Promise<string>
  /** Violations of every document that the visit has shown, frames included; those of workers are not seen. */
  violations(): Promise<Violation[]>
  /** `console.error` and uncaught errors. */
  consoleErrors(): Promise<string[]>
  screenshot?(): Promise<Uint8Array>
}

/** What an engine's protocol supplies. */
export interface Page {
  /** Evaluates an expression that gives a promise of a string. */
  evaluate(expression: string): Promise<string>
  click(selector: string): Promise<void>
  screenshot?(): Promise<Uint8Array>
}

/**
 * The record of one visit. The violations travel as console messages with a secret prefix, from a script that
 * each protocol runs before the page's first byte is parsed: so no markup, header, hash or global of the page
 * changes, frames and pages that were left are covered, and meta policies as well as headers. A report-uri
 * would need altered headers, and WebKit gives no buffered reports to a ReportingObserver without one.
 */
export class Log {
  readonly violations: Violation[] = []
  readonly errors: string[] = []
  readonly #token = `csp-${randomUUID()}:`
  readonly #arrivals = new Map<string, () => void>()

  /** The script to run at the start of every document. `console.debug` is taken before the page can replace it. */
  get script(): string {
    return `{
  const say = console.debug.bind(console), json = JSON.stringify
  addEventListener('securitypolicyviolation', (e) => say(${JSON.stringify(this.#token)} + json({
    directive: e.effectiveDirective, blocked: e.blockedURI, source: e.sourceFile ?? '', line: e.lineNumber,
    sample: e.sample, disposition: e.disposition })), true)
}`
  }

  message(level: string, text: string): void {
    if (text.startsWith(this.#token)) {
      const body = text.slice(this.#token.length)
      const arrived = this.#arrivals.get(body)
      if (arrived) arrived()
      else this.violations.push(JSON.parse(body) as Violation)
    } else if (level === 'error') this.errors.push(text)
  }

  /** Resolves when everything that the page said before has arrived: the protocols keep the order. */
  async settle(page: Page): Promise<void> {
    const mark = randomUUID()
    const message = JSON.stringify(this.#token + mark)
    const arrived = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('The page has replaced console.debug.')), 5000)
      this.#arrivals.set(mark, () => {
        clearTimeout(late)
        resolve()
      })
    })
    // A violation's event is a queued task: the timer comes after it.
    const said = page.evaluate(
      `new Promise((done) => setTimeout(() => { console.debug(${message}); done('') }, 20))`,
    )
    await Promise.all([said, arrived])
    this.#arrivals.delete(mark)
  }
}

export function visitOf(page: Page, log: Log): Visit {
  const evaluate = async <T>(expression: string): Promise<T> =>
    JSON.parse(await page.evaluate(`(async () => JSON.stringify((await (${expression})) ?? null))()`)) as T
  const waitFor = async (expression: string, timeoutMs = 10_000): Promise<void> => {
    const start = Date.now()
    let last = ''
    do {
      try {
        if (await evaluate<boolean>(`Promise.resolve(${expression}).then(Boolean)`)) return
      } catch (error) {
        // The document may be between two pages.
        last = ` ${String(error)}`
      }
      // A page that takes long is asked less and less often: the asking would take the time that it needs.
      await new Promise((next) => setTimeout(next, Math.min(25 + (Date.now() - start) / 20, 250)))
    } while (Date.now() - start < timeoutMs)
    const seen = JSON.stringify({ violations: log.violations, errors: log.errors })
    throw new Error(`Not true within ${timeoutMs} ms: ${expression}.${last} ${seen}`)
  }
  const screenshot = page.screenshot?.bind(page)
  return {
    evaluate,
    waitFor,
    click: (selector) => page.click(selector),
    text: (selector) => evaluate(`document.querySelector(${JSON.stringify(selector)}).textContent`),
    violations: async () => {
      await log.settle(page)
      return [...log.violations]
    },
    consoleErrors: async () => {
      await log.settle(page)
      return [...log.errors]
    },
    ...(screenshot ? { screenshot } : {}),
  }
}
