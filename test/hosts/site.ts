import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '../../src/core/site/model.ts'
import { serialisePolicies } from '../../src/core/csp/serialise.ts'
import { byName } from '../../src/outputs/fields.ts'
import type { Delivered, Delivery, Layout, Output } from '../../src/outputs/output.ts'
import { hostFileOf, type HostRequest } from '../../src/verify/hosts/index.ts'
import { deliveryOf, policiesFor } from '../outputs/policies.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import type { Host } from './host.ts'

/** The inline script of a page. */
const scriptOf = (page: string, build: number): string =>
  `document.title = ${JSON.stringify(`${page} ${build}`)}`

export interface BuiltSite {
  readonly site: string
  readonly project: string
  readonly delivered: Delivered
  /** The files as they lie on disk now. */
  readonly written: Pick<Delivery, 'siteFile' | 'projectFile'>
  remove(): void
}

export interface SiteOptions {
  readonly output: Output
  readonly pages: readonly string[]
  readonly layout?: Layout
  /** Files of the user, by root. */
  readonly own?: { readonly site?: Record<string, string>; readonly project?: Record<string, string> }
  /** Changes every hash. */
  readonly build?: number
  /** Other policies than those of the page's script. */
  readonly policies?: (page: string) => readonly Policy[]
}

const reader = (directory: string) => (path: string) =>
  existsSync(join(directory, path)) ? readFileSync(join(directory, path), 'utf8') : undefined

/** A site on disk, with what the output delivers. */
export function buildSite({
  output,
  pages,
  layout = 'union',
  own = {},
  build = 0,
  policies = (page) => policiesFor([scriptOf(page, build)]),
}: SiteOptions): BuiltSite {
  const root = makeDirectory('host')
  const [site, project] = [join(root, 'project/dist'), join(root, 'project')]
  const delivered = output.deliver(
    deliveryOf({
      layout,
      outputs: [output.name],
      pages: pages.map((path) => ({ path, policies: policies(path) })),
      ...(own.site && { siteFiles: own.site }),
      ...(own.project && { projectFiles: own.project }),
    }),
  )
  writeTree(site, {
    ...Object.fromEntries(
      pages.map((page) => [page, `<!doctype html><title>-</title><script>${scriptOf(page, build)}</script>`]),
    ),
    'assets/app.js': 'export {}',
    ...own.site,
  })
  writeTree(project, own.project ?? {})
  for (const file of delivered.files ?? []) {
    writeTree(file.root === 'site' ? site : project, { [file.path]: file.content })
  }
  return {
    site,
    project,
    delivered,
    written: { siteFile: reader(site), projectFile: reader(project) },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

const sorted = (text: string, separator: string, map = (part: string): string => part): string[] =>
  text
    .split(separator)
    .map((part) => map(part.trim()))
    .toSorted()

const policyMeaning = (text: string): string =>
  sorted(text, ';', (directive) => sorted(directive, ' ').join(' ')).join('; ')

/** A header value in an order of its own: what it means, not how it is written. */
export function meaningOf(value: string | undefined): string[] {
  return value === undefined ? [] : sorted(value, ',', (policy) => policyMeaning(policy.replace(/^;/, '')))
}

/** What is intended for all paths: one policy that has the script of every page, and one fence. */
export function unionOf(pages: readonly string[], build = 0): string[] {
  return meaningOf(serialisePolicies(policiesFor(pages.map((page) => scriptOf(page, build)))))
}

/** What the reader of a host, which `verify` and `vite preview` use, says that the host sends. */
export function readAs(
  { output }: Pick<Host, 'output'>,
  { written }: Pick<BuiltSite, 'written'>,
  request: HostRequest,
): Map<string, string> {
  const host = hostFileOf(output.name)!
  const reading = host.read(host.root === 'site' ? written.siteFile : written.projectFile, '/')
  return byName(reading.headers(request).map(([name, value]) => ({ name, value })))
}
