import { existsSync } from 'node:fs'
import { isFindingCode } from '../core/findings/index.ts'
import { digest } from '../core/site/digest.ts'
import { positionOf } from '../core/text/code-frame.ts'
import type { HashAlgorithm } from '../core/site/model.ts'
import { OURS } from '../core/html/collector.ts'
import { scanPage } from '../core/html/scan.ts'
import { decodePage } from '../files/read.ts'
import { SiteFiles } from '../files/file-cache.ts'
import { type Walk, walkSite } from '../files/walk.ts'
import { secureListed } from '../directory.ts'
import { leftLines } from '../summary.ts'
import type { Arguments, Flags } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { explainCode } from './explain-code.ts'
import { firstCharacters, reasonText } from './reason-text.ts'
import { directoryOptions } from './secure-command.ts'
import { slashes } from '../files/slashes.ts'

const HASH = /^'?(sha256|sha384|sha512)-([A-Za-z0-9+/_=-]{6,})'?$/

interface Resource {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly what: string
  readonly begins: string
}

/** `csp-hashes explain <hash | page> [dir]`, `csp-hashes explain <code>` */
export async function explainCommand(args: Arguments, io: Io): Promise<ExitCode> {
  const { operands, flags } = args
  const [subject, named, ...rest] = operands
  if (subject === undefined || rest.length > 0)
    throw new UsageError(
      'Give a hash or a page, and the directory: csp-hashes explain index.html dist. Or the code of a finding: csp-hashes explain eval-used.',
    )
  if (isFindingCode(subject) && named === undefined) {
    io.out(explainCode(subject))
    return EXIT.ok
  }
  const hash = HASH.exec(subject)
  if (hash) {
    const wanted = { algorithm: hash[1] as HashAlgorithm, start: `${hash[1]}-${hash[2]}` }
    return explainHash(walkSite(named ?? 'dist'), wanted, flags, io)
  }
  const { directory, page } = placeOf(subject, named)
  return explainPage(directory, page, args, io)
}

/**
 * The directory and the page in it; the page may also be given relative to the working directory:
 * `dist/index.html`.
 */
export function placeOf(subject: string, named: string | undefined): { directory: string; page: string } {
  const path = slashes(subject).replace(/^\.\//, '')
  const [top = '', ...below] = path.split('/')
  const directory =
    (named && slashes(named).replace(/^\.\/|\/+$/g, '')) ??
    (below.length > 0 && top !== '' && existsSync(path) ? top : 'dist')
  const prefix = `${directory}/`
  const isInside = path.startsWith(prefix) && existsSync(path)
  return { directory: named ?? directory, page: isInside ? path.slice(prefix.length) : path }
}

interface Wanted {
  readonly algorithm: HashAlgorithm
  /** The hash, or its beginning. */
  readonly start: string
}

function explainHash(found: Walk, { algorithm, start }: Wanted, flags: Flags, io: Io): ExitCode {
  const files = new SiteFiles(found.files, algorithm)
  const resources: Resource[] = []
  const carriers: string[] = []
  for (const path of found.files.keys()) {
    const bytes = /\.(?:html?|[cm]?js|css)$/i.test(path) || path === '_headers' ? files.read(path) : undefined
    const text = bytes && decodePage(bytes)
    if (bytes === undefined || text === undefined) continue
    if (text.includes(start)) carriers.push(path)
    if (/\.html?$/i.test(path)) resources.push(...inlineResources(path, text, { algorithm, start }))
    else if (digest(bytes, algorithm).startsWith(start))
      resources.push({ file: path, what: 'file', begins: firstCharacters(text) })
  }
  if (flags.json)
    io.out(`${JSON.stringify({ version: 1, hash: start, resources, carriers }, undefined, 2)}\n`)
  else {
    for (const { file, line, column, what, begins } of resources)
      io.out(`${what} ${file}${line === undefined ? '' : `:${line}:${column}`}\n  ${begins}\n`)
    if (resources.length === 0) io.out(`Nothing in the site has the hash ${start}.\n`)
    io.out(
      carriers.length === 0
        ? 'No page carries it.\n'
        : `Carried by\n${carriers.map((one) => `  ${one}\n`).join('')}`,
    )
  }
  return resources.length === 0 ? EXIT.refused : EXIT.ok
}

function inlineResources(path: string, html: string, { algorithm, start }: Wanted): Resource[] {
  // The scan ignores elements that an earlier run wrote, but its import map has a hash too, so hide the marker
  // from the scan. Keep the length, so that offsets remain valid.
  const unmarked = html.replaceAll(OURS, ' '.repeat(OURS.length))
  return scanPage(path, unmarked).resources.flatMap((resource) => {
    if (resource.kind !== 'inline-script' && resource.kind !== 'inline-style') return []
    if (!digest(resource.text, algorithm).startsWith(start)) return []
    const what = resource.kind === 'inline-style' ? 'inline style' : `inline ${resource.type} script`
    return [
      { file: path, ...positionOf(html, resource.span.start), what, begins: firstCharacters(resource.text) },
    ]
  })
}

async function explainPage(directory: string, subject: string, args: Arguments, io: Io): Promise<ExitCode> {
  const { flags } = args
  const found = walkSite(directory)
  const path = pageOf(found, subject)
  const config = await loadConfig(io.cwd, flags.config)
  const options = directoryOptions(args, config)
  const result = await secureListed((globs) => walkSite(directory, globs), {
    ...options,
    dryRun: true,
    project: io.cwd,
    signal: io.signal,
  })
  const page = result.pages.find((one) => one.path === path)
  const files = new SiteFiles(found.files, 'sha384')
  const text = (name: string): string | undefined => {
    const bytes = files.read(name)
    return bytes && decodePage(bytes)
  }
  const policies = (page?.policies ?? []).map(({ role, disposition, directives }) => ({
    role,
    disposition,
    directives: [...directives].map(([name, sources]) => ({
      name,
      sources: sources.map(({ expression, reason }) => ({ expression, reason: reasonText(reason, text) })),
    })),
  }))
  if (flags.json)
    io.out(`${JSON.stringify({ version: 1, page: path, changed: page?.changed, policies }, undefined, 2)}\n`)
  else {
    if (page?.changed) {
      const before = text(path)?.includes(OURS) ? ', which other options protected' : ''
      io.out(
        `A run with these options would change ${path}${before}. This is the policy that it would get.\n\n`,
      )
    }
    const left = result.left.find((one) => one.path === path)
    if (left) io.out(`${leftLines([left]).join('\n')}\n`)
    for (const { role, directives } of policies) {
      io.out(`${path}, ${role} policy\n`)
      for (const { name, sources } of directives) {
        io.out(`  ${name}\n`)
        for (const { expression, reason } of sources) io.out(`    ${expression}\n      ${reason}\n`)
      }
      io.out('\n')
    }
  }
  return EXIT.ok
}

/** Finds the page for a file name or a URL path: `about`, `/about/`. */
function pageOf({ pages }: Walk, subject: string): string {
  const name = subject.replace(/^\/+|\/+$/g, '')
  const tried = [name, `${name}.html`, name === '' ? 'index.html' : `${name}/index.html`]
  const page = tried.find((one) => pages.includes(one))
  if (page === undefined)
    throw new UsageError(
      `${subject} is neither a hash nor a page of the site. Write a page as index.html or /about/.`,
    )
  return page
}
