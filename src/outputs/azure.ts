import { finding } from '../core/findings.ts'
import { byName } from './fields.ts'
import { headerConflicts, type PresentHeader } from './json-file/conflicts.ts'
import { entryOf, ownIndices, replaceEntries } from './json-file/edit.ts'
import { isMarked, marked } from './json-file/mark.ts'
import { isFinding, openObject, openQuietly } from './json-file/open.ts'
import { type JsonMember, type JsonNode, type JsonObject, memberOf, stringAt } from './json-file/parse.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { headerNames, type HeaderPlan, placeOf, planHeaders } from './plan.ts'

const FILE = 'staticwebapp.config.json'
const FILE_BYTES = 20 * 1024
const SOURCE = 'https://learn.microsoft.com/azure/static-web-apps/configuration#restrictions'

const LIMITS: HostLimits = {
  host: 'Azure Static Web Apps',
  // The whole file may have no more; its size is checked again once it is merged.
  field: {
    characters: FILE_BYTES,
    measured: ({ value }) => value,
    effect: 'refuses a file of',
    source: SOURCE,
  },
  joinsRepeated: false,
}

const membersOf = (node: JsonNode | undefined): readonly JsonMember[] =>
  node?.kind === 'object' ? node.members : []

function headersIn(node: JsonNode | undefined, pattern: string): PresentHeader[] {
  return membersOf(node).map(({ key, value }) => ({
    name: key,
    value: value.kind === 'scalar' ? String(value.value) : '',
    pattern,
    node: value,
  }))
}

/** Headers of routes replace the global ones. */
function routeHeaders(root: JsonObject): PresentHeader[] {
  const routes = memberOf(root, 'routes')?.value
  return (routes?.kind === 'array' ? routes.items : []).flatMap((route) =>
    headersIn(memberOf(route, 'headers')?.value, stringAt(route, 'route') ?? '*'),
  )
}

function mergeGlobal(text: string, root: JsonObject, { fields }: HeaderPlan): string {
  const headers = fields.map(marked)
  const present = memberOf(root, 'globalHeaders')?.value
  if (present?.kind !== 'object') {
    const value = Object.fromEntries(headers.map(({ name, value }) => [name, value]))
    return headers.length === 0
      ? text
      : replaceEntries(text, root, [], [entryOf(text, value, 'globalHeaders')])
  }
  const names = new Set(fields.map(({ name }) => name.toLowerCase()))
  const ours = headersIn(present, '*').some(isMarked)
  const own = ownIndices(
    present.members.map(({ value }) => value),
    (node) =>
      headersIn(present, '*').some(
        (header) =>
          header.node === node && (isMarked(header) || (ours && names.has(header.name.toLowerCase()))),
      ),
  )
  return replaceEntries(
    text,
    present,
    own,
    headers.map(({ name, value }) => entryOf(text, value, name)),
  )
}

/**
 * `globalHeaders` in `staticwebapp.config.json` in the folder that is deployed, merged into the user's.
 * @see https://learn.microsoft.com/azure/static-web-apps/configuration#global-headers
 */
export const azure: Output = {
  name: 'azure',
  deliver(delivery: Delivery): Delivered {
    const plan = planHeaders(delivery, [LIMITS])
    const present = delivery.siteFile(FILE)
    const base = { metas: plan.metas, place: placeOf(plan, FILE) }
    if (plan.layout === 'per-page') {
      const reason = 'a route of its own for each page would switch the routes off that you have for it'
      return {
        ...base,
        findings: [finding('layout-unsupported', { host: LIMITS.host, layout: plan.layout, reason })],
      }
    }
    if (present === undefined && plan.fields.length === 0) return { ...base, findings: plan.findings }
    const text = present ?? '{}\n'
    const root = openObject(FILE, text)
    if (isFinding(root)) return { ...base, findings: [...plan.findings, root] }
    const global = headersIn(memberOf(root, 'globalHeaders')?.value, '*')
    const others = [...(global.some(isMarked) ? [] : global), ...routeHeaders(root)]
    const content = mergeGlobal(text, root, plan)
    const size = Buffer.byteLength(content)
    const tooLarge = { host: LIMITS.host, file: FILE, size, limit: FILE_BYTES, way: "Set layout: 'split'." }
    return {
      ...base,
      files: [{ root: 'site', path: FILE, content }],
      findings: [
        ...plan.findings,
        ...headerConflicts(others, headerNames(plan), {
          file: FILE,
          text,
          pages: delivery.pages.map(({ path }) => path),
        }),
        ...(size > FILE_BYTES ? [finding('host-file-too-large', tooLarge)] : []),
      ],
    }
  },
  read({ siteFile }) {
    return byName(headersIn(memberOf(openQuietly(siteFile(FILE)), 'globalHeaders')?.value, '*'))
  },
}
