/** Queues in which Next.js keeps inline scripts of a page, for its runtime to make them. */
const QUEUE = /\b__next_s\b/
const FLIGHT = /\b__next_f\b[^]*?\.push\(\s*(\[[^]*\])\s*\)/
const STRATEGY = /"strategy":"(?:beforeInteractive|afterInteractive|lazyOnload)"/g

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The text of a script among the properties of an element. */
function textOf(props: unknown): string[] {
  if (typeof props !== 'object' || props === null) return []
  const { children, dangerouslySetInnerHTML: html } = props as Record<string, unknown>
  const inner = typeof html === 'object' && html !== null ? Object.values(html)[0] : undefined
  return [children, inner].flatMap((text) => {
    // `$` begins a reference of the flight format, `$$` a text with a dollar.
    if (typeof text !== 'string' || text === '' || /^\$[^$]/.test(text)) return []
    return text.startsWith('$$') ? [text.slice(1)] : [text]
  })
}

function queued(text: string): string[] {
  const call = /\.push\(\s*(\[[^]*\])\s*\)/.exec(text)?.[1]
  const entry = call === undefined ? undefined : parsed(call)
  return Array.isArray(entry) ? textOf(entry[1]) : []
}

/** The object around a place in JSON. */
function objectAround(json: string, at: number): unknown {
  for (let start = json.lastIndexOf('{', at); start !== -1; start = json.lastIndexOf('{', start - 1))
    for (
      let end = json.indexOf('}', at);
      end !== -1 && end < at + 100_000;
      end = json.indexOf('}', end + 1)
    ) {
      const object = parsed(json.slice(start, end + 1))
      if (object !== undefined) return object
    }
  return undefined
}

/**
 * The texts of scripts that a page keeps as data until a runtime makes them, as `next/script` does. They are known when
 * the site is built, so the policy can list their hashes.
 */
export function keptScripts(texts: readonly string[]): string[] {
  const flight = texts
    .flatMap((text) => FLIGHT.exec(text)?.[1] ?? [])
    .map((json) => parsed(json))
    .flatMap((entry) => (Array.isArray(entry) && typeof entry[1] === 'string' ? [entry[1]] : []))
    .join('')
  const found = [
    ...texts.filter((text) => QUEUE.test(text)).flatMap(queued),
    ...[...flight.matchAll(STRATEGY)].flatMap(({ index }) => textOf(objectAround(flight, index))),
  ]
  return [...new Set(found)]
}
