import { finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import { type HeaderField, isNosniff } from './fields.ts'
import { headerConflicts, isMarked, marked, type PresentHeader } from './json-file/conflicts.ts'
import { entryOf, ownIndices, replaceEntries } from './json-file/edit.ts'
import {
  isFinding,
  type JsonMember,
  type JsonNode,
  type JsonObject,
  memberOf,
  openObject,
  openQuietly,
  stringAt,
} from './json-file/parse.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { headerNames, type HeaderPlan, placeOf, planHeaders, withoutNosniff } from './header-plan.ts'
import { ownPaths } from './request-paths.ts'

const FILE = 'staticwebapp.config.json'
const FILE_BYTES = 20 * 1024
const SOURCE = 'https://learn.microsoft.com/azure/static-web-apps/configuration#restrictions'

const LIMITS: HostLimits = {
  host: 'Azure Static Web Apps',
  // The limit applies to the whole file. The size of the merged file is checked again in `deliver`.
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

const headersOfRoute = (route: JsonNode): PresentHeader[] =>
  headersIn(memberOf(route, 'headers')?.value, stringAt(route, 'route') ?? '*')

const isOwnRoute = (route: JsonNode): boolean => headersOfRoute(route).some(isMarked)

function routesOf(root: JsonObject): readonly JsonNode[] {
  const routes = memberOf(root, 'routes')?.value
  return routes?.kind === 'array' ? routes.items : []
}

const asObject = (fields: readonly HeaderField[]): Record<string, string> =>
  Object.fromEntries(fields.map(marked).map(({ name, value }) => [name, value]))

/** Adds a route for each path of a page after the user's own routes: only the first matching route applies. */
function mergeRoutes(text: string, { pages }: HeaderPlan): string {
  const root = openQuietly(text)
  const routes = [...ownPaths([...pages.keys()])].map(([route, page]) => ({
    route,
    headers: asObject(pages.get(page) ?? []),
  }))
  const present = memberOf(root, 'routes')?.value
  if (root && !present && routes.length > 0)
    return replaceEntries(text, root, [], [entryOf(text, routes, 'routes')])
  if (present?.kind !== 'array') return text
  return replaceEntries(
    text,
    present,
    ownIndices(present.items, isOwnRoute),
    routes.map((route) => entryOf(text, route)),
  )
}

function mergeGlobal(text: string, { fields }: HeaderPlan): string {
  const root = openQuietly(text)
  const present = memberOf(root, 'globalHeaders')?.value
  if (present?.kind !== 'object') {
    return !root || fields.length === 0
      ? text
      : replaceEntries(text, root, [], [entryOf(text, asObject(fields), 'globalHeaders')])
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
    fields.map(marked).map(({ name, value }) => entryOf(text, value, name)),
  )
}

/**
 * `globalHeaders` in the `staticwebapp.config.json` of the deployed folder, merged into the user's file. With
 * `per-page` it also adds a route for each page.
 * @see https://learn.microsoft.com/azure/static-web-apps/configuration#global-headers
 */
export const azure: Output = {
  name: 'azure',
  deliver(delivery: Delivery): Delivered {
    const present = delivery.siteFile(FILE)
    const full = planHeaders(delivery, [LIMITS])
    // This may also find the header of an earlier run, which is the same.
    const theirs = headersIn(memberOf(openQuietly(present), 'globalHeaders')?.value, '*').some(isNosniff)
    const plan = theirs ? withoutNosniff(full) : full
    const base = { metas: plan.metas, place: placeOf(plan, FILE) }
    if (present === undefined && plan.fields.length === 0) return { ...base, findings: plan.findings }
    const text = present ?? '{}\n'
    const root = openObject(FILE, text)
    if (isFinding(root)) return { ...base, findings: [...plan.findings, root] }
    const global = headersIn(memberOf(root, 'globalHeaders')?.value, '*')
    const others = [...(global.some(isMarked) ? [] : global), ...routesOf(root).flatMap(headersOfRoute)]
    const content = mergeGlobal(mergeRoutes(text, plan), plan)
    const size = Buffer.byteLength(content)
    const tooLarge = {
      host: LIMITS.host,
      file: FILE,
      size,
      limit: FILE_BYTES,
      way: `Set ${option({ layout: 'split' })}.`,
    }
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
}
