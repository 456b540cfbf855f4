import { type Finding, finding } from '../../core/findings/index.ts'
import { byName } from '../fields.ts'
import type { ExpectedAnswer } from '../output.ts'
import { tooManyRules } from '../limits.ts'
import { headerNames, type HeaderPlan, intendedFields } from '../header-plan.ts'
import { ownPaths, requestPaths, UNKNOWN_PATH } from '../request-paths.ts'
import { type HeaderBlock, isPathLine, parseBlocks } from './blocks.ts'
import type { HeadersFileHost } from './hosts.ts'
import { unbalancedMarker } from '../marked-lines.ts'
import type { HeadersFileRule } from './merge.ts'

export const FILE = '_headers'

export interface Readers {
  readonly hosts: readonly HeadersFileHost[]
  /** Paths of the pages inside the site. */
  readonly pages: readonly string[]
}

/** Finds the user's own lines that conflict with generated lines. */
export function checkOwnText(
  text: string,
  plan: HeaderPlan,
  rules: readonly HeadersFileRule[],
  { hosts, pages }: Readers,
): Finding[] {
  const at = (offset: number) => ({ file: FILE, source: text, offset })
  const marker = unbalancedMarker(text)
  if (marker) return [finding('marker-unbalanced', { marker: marker.marker }, at(marker.offset))]
  const { blocks, stray } = parseBlocks(text)
  const names = headerNames(plan)
  const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
  const covers = ({ path }: HeaderBlock): boolean =>
    hosts.some((host) => paths.some((requestPath) => host.matches(path, requestPath)))
  const conflicts = blocks.flatMap((block) =>
    block.headers
      .filter(({ name }) => names.has(name.toLowerCase()) && covers(block))
      .map(({ name, offset }) => finding('header-conflict', { header: name, path: block.path }, at(offset))),
  )
  const catchAll = blocks.findLastIndex(({ key }) => key === '/*')
  const misplaced = rules.flatMap(({ pattern }) => {
    const index = blocks.findIndex(({ key }) => key === pattern)
    const block = blocks[index]
    return block && pattern !== '/*' && index < catchAll
      ? [finding('header-order', { path: block.path }, at(block.offset))]
      : []
  })
  const lost = stray.map(({ name, offset }) => finding('header-without-path', { line: name }, at(offset)))
  return [...conflicts, ...misplaced, ...lost]
}

/** Reports a file with more rules than a host reads. */
export function checkRuleCount(
  merged: string,
  hosts: readonly HeadersFileHost[],
  generated: number,
): Finding[] {
  const count = merged.split('\n').filter((line) => isPathLine(line.trim())).length
  return hosts.flatMap(({ limits }) => tooManyRules(count, generated, limits))
}

/** The expected headers for each path that only one page can answer, and for a path that does not exist. */
export function* expectedAnswers(plan: HeaderPlan, pages: readonly string[]): Generator<ExpectedAnswer> {
  yield { path: UNKNOWN_PATH, headers: byName(plan.fields) }
  for (const [path, page] of ownPaths(pages)) yield { path, headers: intendedFields(plan, page) }
}
