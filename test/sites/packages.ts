import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeTree } from '../support/files.ts'
import type { PackagedSite } from './sites.ts'

/** Tarballs, kept between runs. */
const CACHE = join(import.meta.dirname, '.cache')

type Package = Pick<PackagedSite, 'package' | 'version' | 'integrity'>

const tarballOf = ({ package: name, version }: Package): string =>
  join(CACHE, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)

/** Packs what is not there yet. Nothing is installed, so no script of a package runs. */
export function downloadSites(sites: readonly Package[]): void {
  mkdirSync(CACHE, { recursive: true })
  const wanted = sites.filter((site) => !existsSync(tarballOf(site)))
  if (wanted.length > 0)
    execFileSync(
      'npm',
      [
        'pack',
        '--silent',
        '--pack-destination',
        CACHE,
        ...wanted.map((one) => `${one.package}@${one.version}`),
      ],
      { cwd: CACHE, stdio: ['ignore', 'ignore', 'inherit'] },
    )
  for (const site of sites) {
    const hash = createHash('sha512')
      .update(readFileSync(tarballOf(site)))
      .digest('base64')
    if (`sha512-${hash}` !== site.integrity)
      throw new Error(`${tarballOf(site)} is not the tarball that was chosen: sha512-${hash}`)
  }
}

/** Lays a site out as its host would, with the answers of its server beside it. */
export function unpackSite(site: PackagedSite, root: string): void {
  unpackFolder(site, site.directory, join(root, site.mount ?? ''))
  writeTree(root, site.answers ?? {})
}

export function unpackFolder(one: Package, folder: string, to: string): void {
  mkdirSync(to, { recursive: true })
  const inside = `package/${folder}`
  const depth = inside.split('/').length
  execFileSync('tar', [
    '--warning=no-unknown-keyword',
    '-xzf',
    tarballOf(one),
    '-C',
    to,
    `--strip-components=${depth}`,
    inside,
  ])
}
