/** A resource or code that a browser blocked, or would block if a report-only policy were enforced. */
export interface Violation {
  /** The effective directive: `script-src-elem`, even if the policy contains only `script-src`. */
  readonly directive: string
  /** The blocked URL, or a keyword: `inline`, `eval`, `wasm-eval`, `blob`, `data`, `trusted-types-sink`. */
  readonly blocked: string
  /** The first 40 characters of an inline text, if the policy asks for `'report-sample'`. */
  readonly sample: string
  /**
   * URL of the script or the document that caused it, `''` if the browser does not know. Chromium drops the query.
   */
  readonly source: string
  /** 1-based, 0 if the browser does not know. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  /** URL of the document. */
  readonly document: string
  /** The violated policy, serialised. */
  readonly policy: string
  /** The whole inline text, if it could be read. */
  readonly text?: string
}

const LONGEST = 2048
/** A `data:` URL as the source file would flood the terminal. */
const LONGEST_POLICY = 64 * 1024

/** Any open page can send a report, so characters that a terminal interprets are removed. */
function clean(value: unknown, longest = LONGEST): string {
  return typeof value === 'string' ? value.slice(0, longest).replace(/[^\P{Cc}\t\n]/gu, '') : ''
}

const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @see https://www.w3.org/TR/CSP3/#deprecated-serialize-violation */
function fromReportUri(report: Readonly<Record<string, unknown>>): Violation {
  return {
    // Older engines send only the violated directive, followed by its sources.
    directive: clean(report['effective-directive'] ?? report['violated-directive']).split(' ')[0] ?? '',
    blocked: clean(report['blocked-uri']),
    sample: clean(report['script-sample']),
    source: clean(report['source-file']),
    line: count(report['line-number']),
    column: count(report['column-number']),
    document: clean(report['document-uri']),
    policy: clean(report['original-policy'], LONGEST_POLICY),
  }
}

/** Reads the event `securitypolicyviolation`, or the body of a report: they use the same names. */
export function fromEvent(event: Readonly<Record<string, unknown>>): Violation {
  return {
    directive: clean(event['effectiveDirective']),
    blocked: clean(event['blockedURI'] ?? event['blockedURL']),
    sample: clean(event['sample']),
    source: clean(event['sourceFile']),
    line: count(event['lineNumber']),
    column: count(event['columnNumber']),
    document: clean(event['documentURI'] ?? event['documentURL']),
    policy: clean(event['originalPolicy'], LONGEST_POLICY),
    ...(typeof event['text'] === 'string' ? { text: event['text'] } : {}),
  }
}

/**
 * The violations in a report body, sent by `report-uri` or the Reporting API; empty for any other content.
 * @see https://www.w3.org/TR/CSP3/#reporting
 */
export function readReports(json: unknown): Violation[] {
  const found = (Array.isArray(json) ? json : [json]).flatMap((one: unknown) => {
    if (!isObject(one)) return []
    if (isObject(one['csp-report'])) return [fromReportUri(one['csp-report'])]
    return one['type'] === 'csp-violation' && isObject(one['body']) ? [fromEvent(one['body'])] : []
  })
  return found.filter(({ directive }) => /^[a-z-]+$/.test(directive))
}

/**
 * The decoded path of a URL; left encoded if decoding fails, since a report may contain anything. `undefined` if
 * it is not a URL.
 */
export function pathOfUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname } = new URL(url)
  try {
    return decodeURI(pathname)
  } catch {
    return pathname
  }
}
