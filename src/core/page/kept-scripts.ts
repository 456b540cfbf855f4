/** Arrays in which Next.js stores inline scripts of a page, from which its runtime creates script elements. */
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

/** The text of a script, from the props of its element. */
function textOf(props: unknown): string[] {
  if (typeof props !== 'object' || props === null) return []
  const { children, dangerouslySetInnerHTML: html } = props as Record<string, unknown>
  const inner = typeof html === 'object' && html !== null ? Object.values(html)[0] : undefined
  return [children, inner].flatMap((text) => {
    // `$` begins a reference in the React flight format, `$$` a string that begins with a dollar sign.
    if (typeof text !== 'string' || text === '' || /^\$[^$]/.test(text)) return []
    return text.startsWith('$$') ? [text.slice(1)] : [text]
  })
}

function queued(text: string): string[] {
  const call = /\.push\(\s*(\[[^]*\])\s*\)/.exec(text)?.[1]
  const entry = call === undefined ? undefined : parsed(call)
  return Array.isArray(entry) ? textOf(entry[1]) : []
}

/** The object that surrounds an offset in JSON. */
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
 * The texts of scripts that a page stores as data until a runtime creates them, as `next/script` does. They are
 * known at build time, so the policy can list their hashes.
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
