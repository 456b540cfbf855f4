import { type Finding, finding } from '../core/findings/index.ts'
import { isNosniff } from './fields.ts'
import {
  headerNames,
  type HeaderPlan,
  intendedFields,
  placeOf,
  planHeaders,
  withoutNosniff,
} from './header-plan.ts'
import { byName } from './fields.ts'
import type { HostLimits } from './limits.ts'
import { unbalancedMarker, withoutRegions } from './marked-lines.ts'
import type { Delivered, Delivery, ExpectedHeaders, Output, OutputFile } from './output.ts'
import { ownPaths, UNKNOWN_PATH } from './request-paths.ts'

/** Thrown if a file of the user cannot take the generated lines. */
export class Unusable extends Error {
  override name = 'Unusable'
  readonly offset: number
  readonly way: string

  constructor(reason: string, offset: number, way = 'Correct the file; nothing was written into it.') {
    super(reason)
    this.offset = offset
    this.way = way
  }
}

/** A file that contains both generated lines and the user's own. */
export interface MergedFile {
  readonly name: string
  readonly file: string
  readonly root: OutputFile['root']
  readonly limits: HostLimits
  /** The maximum size of the file in bytes. */
  readonly size?: number
  /** The initial content if the file does not exist yet. */
  readonly skeleton: string
  /** Set in the host's build environment, if the host reads the file before the build. */
  readonly variable?: string
  /** Merges the rules of a plan into the user's own text. @throws {Unusable} */
  merge(own: string, plan: HeaderPlan): string
  /** The user's own headers that apply to paths of pages. */
  present(text: string, pages: readonly string[]): readonly OwnHeader[]
  readonly notes: readonly string[]
}

export interface OwnHeader {
  readonly name: string
  /** The path pattern of the header, as written in the file. */
  readonly path: string
  readonly everywhere: boolean
  readonly offset: number
}

function expected(name: string, plan: HeaderPlan, pages: readonly string[]): ExpectedHeaders {
  return {
    hosts: [name],
    headers: headerNames(plan),
    *answers() {
      yield { path: UNKNOWN_PATH, headers: byName(plan.fields) }
      for (const [path, page] of ownPaths(pages))
        yield { path, file: page, headers: intendedFields(plan, page) }
    },
  }
}

/** Creates an output that adds a marked region to a file of the user. */
export function mergedFileOutput(syntax: MergedFile): Output {
  const { name, file, root, limits, skeleton, size, variable } = syntax

  function deliver(delivery: Delivery): Delivered {
    const present = root === 'site' ? delivery.siteFile(file) : delivery.projectFile(file)
    const text = present ?? skeleton
    const pages = delivery.pages.map(({ path }) => path)
    const full = planHeaders(delivery, [limits])
    const base = { metas: full.metas, place: placeOf(full, file) }
    const at = (offset: number) => ({ file, source: text, offset })
    const marker = unbalancedMarker(text)
    if (marker) {
      const problem = finding('marker-unbalanced', { marker: marker.marker }, at(marker.offset))
      return { ...base, findings: [...full.findings, problem] }
    }
    try {
      const theirs = syntax.present(text, pages)
      const sent = theirs.some((one) => isNosniff(one) && one.everywhere)
      const plan = sent ? withoutNosniff(full) : full
      if (present === undefined && plan.fields.length === 0) return { ...base, findings: plan.findings }
      const content = syntax.merge(withoutRegions(text), plan)
      const names = headerNames(plan)
      const findings: Finding[] = theirs
        .filter((one) => names.has(one.name.toLowerCase()))
        .map(({ name: header, path, offset }) => finding('header-conflict', { header, path }, at(offset)))
      const bytes = Buffer.byteLength(content)
      if (size !== undefined && bytes > size) {
        const data = { host: limits.host, file, size: bytes, limit: size }
        findings.push(finding('host-file-too-large', { ...data, way: 'Take out rules of your own.' }))
      }
      const changed = content !== present
      const policies = plan.fields.some((one) => !isNosniff(one)) || withoutRegions(text) !== text
      if (changed && policies && variable !== undefined && delivery.environment?.[variable])
        findings.push(finding('host-file-late', { host: limits.host, file }))
      return {
        ...base,
        files: changed ? [{ root, path: file, content }] : [],
        findings: [...plan.findings, ...findings],
        notes: changed ? syntax.notes : [],
        ...(changed && { expected: expected(name, plan, pages) }),
      }
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      const problem = { file, reason: error.message, way: error.way }
      return {
        ...base,
        findings: [...full.findings, finding('host-file-unusable', problem, at(error.offset))],
      }
    }
  }
  return { name, deliver }
}
