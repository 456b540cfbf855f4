import { type Finding, finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import { type HeaderField, isNosniff, POLICY_HEADERS } from './fields.ts'
import { type HeaderPlan, placeOf, planHeaders } from './header-plan.ts'
import { entryOf, ownIndices, replaceEntries } from './json-file/edit.ts'
import { isFinding, type JsonNode, memberOf, openObject, openQuietly } from './json-file/parse.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output, OutputFile } from './output.ts'
import { ownPaths } from './request-paths.ts'

const FILE = 'csp-hashes.cloudfront.json'
const FUNCTION_FILE = 'csp-hashes.cloudfront.js'
const FUNCTION_BYTES = 10 * 1024
const SOURCE = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html'

const LIMITS: HostLimits = {
  host: 'CloudFront',
  field: {
    characters: 1783,
    measured: ({ value }) => value,
    effect: 'refuses every value',
    source: SOURCE,
  },
  joinsRepeated: false,
}

/** Generated headers for which CloudFront has no dedicated setting. */
const CUSTOM = [
  POLICY_HEADERS.report,
  'Reporting-Endpoints',
  'Integrity-Policy',
  'Integrity-Policy-Report-Only',
]
const SKELETON = '{\n  "Name": "csp-hashes",\n  "Comment": "Written by vite-plugin-csp-hashes"\n}\n'

type Json = Readonly<Record<string, unknown>>

function valueOf(node: JsonNode | undefined): unknown {
  if (node?.kind === 'array') return node.items.map(valueOf)
  if (node?.kind !== 'object') return node?.value
  return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]))
}

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** Merges our settings with those the user added to the file, because a path can have only one such policy. */
function settings(present: Json, fields: readonly HeaderField[]): Record<string, object | undefined> {
  const {
    ContentSecurityPolicy: _,
    ContentTypeOptions,
    ...security
  } = asObject(present['SecurityHeadersConfig'])
  const policy = fields.find(({ name }) => name === POLICY_HEADERS.enforce)?.value
  const sniff = fields.some(isNosniff) ? (ContentTypeOptions ?? { Override: true }) : undefined
  const secured = {
    ...(policy !== undefined && { ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: policy } }),
    ...(sniff !== undefined && { ContentTypeOptions: sniff }),
    ...security,
  }
  const listed = asObject(present['CustomHeadersConfig'])['Items']
  const theirs = (Array.isArray(listed) ? listed : []).filter((item) => {
    const header = String(asObject(item)['Header']).toLowerCase()
    return !CUSTOM.some((name) => name.toLowerCase() === header)
  })
  const ours = fields
    .filter(({ name }) => CUSTOM.includes(name))
    .map(({ name, value }) => ({ Header: name, Value: value, Override: true }))
  const Items: unknown[] = [...ours, ...theirs]
  return {
    SecurityHeadersConfig: Object.keys(secured).length > 0 ? secured : undefined,
    CustomHeadersConfig: Items.length > 0 ? { Quantity: Items.length, Items } : undefined,
  }
}

/** The user's members stay byte for byte. So do our own members if they already have the right value. */
function mergeSettings(text: string, fields: readonly HeaderField[]): string {
  const wanted = settings(asObject(valueOf(openQuietly(text))), fields)
  return Object.entries(wanted).reduce((edited, [name, value]) => {
    const root = openQuietly(edited)
    if (!root) return edited
    const present = memberOf(root, name)?.value
    if (JSON.stringify(valueOf(present)) === JSON.stringify(value)) return edited
    const members = root.members.map((member) => member.value)
    const own = ownIndices(members, (node) => node === present)
    return replaceEntries(edited, root, own, value === undefined ? [] : [entryOf(edited, value, name)])
  }, text)
}

/** Stores each word once, because policies have much in common and CloudFront limits a function to 10 KB. */
function functionFor({ pages }: HeaderPlan): string {
  const words: string[] = []
  const numberOf = (word: string): number => {
    const known = words.indexOf(word)
    return known >= 0 ? known : words.push(word) - 1
  }
  const fields = [...pages.values()].map((own) =>
    Object.fromEntries(own.map(({ name, value }) => [name.toLowerCase(), value.split(' ').map(numberOf)])),
  )
  const names = [...pages.keys()]
  const paths = Object.fromEntries([...ownPaths(names)].map(([path, page]) => [path, names.indexOf(page)]))
  return `// Written by vite-plugin-csp-hashes: the policies of single pages. For cloudfront-js-2.0, viewer response.
var words = ${JSON.stringify(words)};
var pages = ${JSON.stringify(fields)};
var paths = ${JSON.stringify(paths)};
function handler(event) {
  var fields = pages[paths[event.request.uri]];
  for (var name in fields) {
    var value = fields[name].map(function (word) { return words[word]; }).join(' ');
    event.response.headers[name] = { value: value };
  }
  return event.response;
}
`
}

function tooLarge(code: string): Finding[] {
  const size = Buffer.byteLength(code)
  const data = { host: LIMITS.host, file: FUNCTION_FILE, size, limit: FUNCTION_BYTES }
  return size > FUNCTION_BYTES
    ? [finding('host-file-too-large', { ...data, way: `Set ${option({ layout: 'split' })}.` })]
    : []
}

/**
 * A response headers policy for the AWS command line. With `per-page` also a function that replaces the policy with
 * that of the page: CloudFront adds the headers of the response headers policy before it calls the function.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-response-headers-policies.html
 */
export const cloudfront: Output = {
  name: 'cloudfront',
  deliver(delivery: Delivery): Delivered {
    const plan = planHeaders(delivery, [LIMITS])
    const present = delivery.projectFile(FILE)
    const base = { metas: plan.metas, place: placeOf(plan, FILE) }
    if (present === undefined && plan.fields.length === 0) return { ...base, findings: plan.findings }
    const text = present ?? SKELETON
    const root = openObject(FILE, text)
    if (isFinding(root)) return { ...base, findings: [...plan.findings, root] }
    const perPage = plan.layout === 'per-page' && plan.pages.size > 0
    // Overwrite the function of an earlier build: otherwise it would keep sending its policies.
    const withFunction = perPage || delivery.projectFile(FUNCTION_FILE) !== undefined
    const code = withFunction ? functionFor(plan) : ''
    const files: OutputFile[] = [{ root: 'project', path: FILE, content: mergeSettings(text, plan.fields) }]
    if (withFunction) files.push({ root: 'project', path: FUNCTION_FILE, content: code })
    const config = `--response-headers-policy-config file://${FILE}`
    return {
      ...base,
      files: files.filter(({ path, content }) => content !== delivery.projectFile(path)),
      findings: [...plan.findings, ...tooLarge(code)],
      notes: [
        `Attach it to each behavior of the distribution: aws cloudfront create-response-headers-policy ${config}`,
        ...(perPage
          ? [`Publish ${FUNCTION_FILE} as a function, and associate it with the viewer response.`]
          : []),
      ],
    }
  },
}
