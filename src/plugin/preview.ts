import { statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import type { PreviewServer } from 'vite'
import type { HostRequest, Output } from '../outputs/output.ts'
import { mountOf } from '../outputs/snippet.ts'
import { readFile } from '../files/read.ts'
import { hostFileOf } from '../verify/hosts/index.ts'
import type { ResolvedOptions } from '../options.ts'
import type { PreviewReports } from './preview-reports.ts'

/** The file of the site for a URL path, found as the preview's static server does. */
export function servedFile(directory: string, url: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/, '')).replace(/^\/+/, '')
  } catch {
    return undefined
  }
  const candidates = path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}/index.html`]
  return candidates.find((file) => statSync(join(directory, file), { throwIfNoEntry: false })?.isFile())
}

type Header = readonly [name: string, value: string]
type Reader = (request: HostRequest) => Iterable<Header>

/** A header may be sent several times: browsers enforce all policies under one name. */
function valuesByName(headers: readonly Header[]): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value])
  }
  return values
}

/** Reads an output's files as its host does: with the output's own reader, or with that of `verify`. */
function readerOf(output: Output, written: Parameters<NonNullable<Output['read']>>[0]): Reader | undefined {
  if (output.read) return (request) => output.read?.(written, request) ?? []
  const host = hostFileOf(output.name)
  if (!host) return undefined
  const text = host.root === 'site' ? written.siteFile : written.projectFile
  return ({ path, mount, file }) => {
    // Hosts count paths from the root of the deployment, but a preview serves the site under its base.
    const inside = path.startsWith(mount) ? path.slice(mount.length - 1) : path
    return host.read(text, mount).headers({ path: inside, file })
  }
}

type Respond = (...args: unknown[]) => ServerResponse

/**
 * Makes `vite preview` send the headers that the host would send, read back from the written files, and report
 * violations. Sets headers only, never the status or the body: frameworks prerender through a preview server.
 */
export function previewHeaders(server: PreviewServer, options: ResolvedOptions, name: string): void {
  const { root, build, base } = server.config
  const mount = mountOf({ base })
  const directory = resolve(root, build.outDir)
  const written = {
    siteFile: (path: string) => readFile(directory, path)?.toString('utf8'),
    projectFile: (path: string) => readFile(root, path)?.toString('utf8'),
  }
  const readers = options.outputs.flatMap((output) => readerOf(output, written) ?? [])
  const site = { directory, mount, fileOf: (path: string) => servedFile(directory, path) }
  // The parsers are loaded with the first request.
  let loading: Promise<PreviewReports> | undefined
  const load = () =>
    (loading ??= import('./preview-reports.ts').then(
      (one) => new one.PreviewReports(server, site, options, name),
    ))
  server.middlewares.use((request, response, next) => {
    const path = (request.url ?? '/').replace(/[?#].*$/, '')
    const respond = (reports: PreviewReports | undefined): void => {
      if (path === reports?.path) return reports.handle(request, response)
      const writeHead = response.writeHead.bind(response) as Respond
      response.writeHead = (...args: unknown[]) => {
        // At this point, the fallback middlewares have replaced the requested path by that of the served file.
        const file = response.statusCode === 404 ? undefined : servedFile(directory, request.url ?? '/')
        const headers = valuesByName(readers.flatMap((read) => [...read({ path, mount, file })]))
        for (const [header, values] of headers)
          response.setHeader(header, values.length === 1 ? (values[0] ?? '') : values)
        if (reports && file?.endsWith('.html')) report(reports, file, response)
        return writeHead(...args)
      }
      next()
    }
    if (options.dev) load().then(respond, next)
    else respond(undefined)
  })
}

const REPORT_ONLY = 'content-security-policy-report-only'

function report(reports: PreviewReports, file: string, response: ServerResponse): void {
  const values = (name: string): string[] => [response.getHeader(name) ?? []].flat().map(String)
  const header = reports.header(file, [...values('content-security-policy'), ...values(REPORT_ONLY)])
  if (header !== undefined) response.setHeader(REPORT_ONLY, [...values(REPORT_ONLY), header].join(', '))
}
