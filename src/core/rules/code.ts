import { type Finding, finding } from '../findings/index.ts'
import type { CodeFeature } from '../needs/search-code.ts'
import { deciding, type Rule, type RuleScript } from './rule.ts'

const WASM = /WebAssembly\.(?:instantiate|compile)|new WebAssembly\.(?:Module|Instance)/
const LISTENS = /addEventListener\(\s*["'`]DOMContentLoaded/

function seen(
  scripts: readonly RuleScript[],
  feature: CodeFeature,
  pattern: RegExp,
  tell: (where: string, place: ReturnType<RuleScript['place']>) => Finding,
): Finding[] {
  return scripts.flatMap((script) => {
    const offset = script.traits.features.get(feature)
    return offset === undefined ? [] : [tell(script.where(offset, pattern), script.place(offset, pattern))]
  })
}

/**
 * `WebAssembly.instantiate(bytes)` without `'wasm-unsafe-eval'`.
 * @see https://www.w3.org/TR/CSP3/#can-compile-wasm-bytes
 */
export const wasmBlocked: Rule = (page) => {
  const list = deciding(page, 'script-src')?.list
  if (!list || list.includes("'unsafe-eval'") || list.includes("'wasm-unsafe-eval'")) return []
  return seen(page.scripts, 'wasm', WASM, (where, place) => finding('wasm-blocked', { where }, place))
}

/**
 * `addEventListener('DOMContentLoaded', start)` under the loader: the event has already fired when the module
 * runs.
 */
export const domContentLoaded: Rule = (page) =>
  page.settings.scripts === 'loader'
    ? seen(page.scripts, 'dom-content-loaded', LISTENS, (where, place) =>
        finding('dom-content-loaded', { where }, place),
      )
    : []

const SINKS: readonly (readonly [CodeFeature, string])[] = [
  ['inner-html', 'innerHTML'],
  ['outer-html', 'outerHTML'],
  ['insert-adjacent-html', 'insertAdjacentHTML'],
  ['document-write', 'document.write'],
  ['parse-from-string', 'DOMParser.parseFromString'],
  ['worker', 'new Worker'],
  ['blob-worker', 'new Worker'],
  ['data-worker', 'new Worker'],
]
const SINK =
  /\.(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML\(|document\.write(?:ln)?\(|parseFromString\(|new (?:Shared)?Worker\(|serviceWorker\.register\(/

/**
 * `element.innerHTML = text` under `require-trusted-types-for 'script'`. The build cannot see whether a Trusted
 * Types policy made the text.
 * @see https://www.w3.org/TR/trusted-types/#injection-sinks
 */
export const trustedTypesSink: Rule = ({ settings, scripts }) => {
  if (!settings.trustedTypes) return []
  return scripts.flatMap((script) => {
    const { features } = script.traits
    const sinks = new Set(SINKS.filter(([feature]) => features.has(feature)).map(([, name]) => name))
    const first = SINKS.flatMap(([feature]) => features.get(feature) ?? []).toSorted((a, b) => a - b)[0]
    if (first === undefined) return []
    const data = { where: script.where(first, SINK), sinks: [...sinks].join(', ') }
    return [finding('trusted-types-sink', data, script.place(first, SINK))]
  })
}
