import type { Rollup } from 'vite'
import { type Finding, finding } from '../core/findings/index.ts'
import { compressedCopies, ENCODINGS } from '../files/compressed.ts'

const bytesOf = (source: string | Uint8Array): Uint8Array =>
  typeof source === 'string' ? Buffer.from(source) : source

function assetOf(bundle: Rollup.OutputBundle, path: string): Rollup.OutputAsset | undefined {
  const file = bundle[path]
  return file?.type === 'asset' ? file : undefined
}

export function assetText(bundle: Rollup.OutputBundle, path: string): string | undefined {
  const asset = assetOf(bundle, path)
  return asset && Buffer.from(bytesOf(asset.source)).toString()
}

/** Replaces the content of an asset, and of compressed copies that another plugin already made of it. */
export function replaceAsset(bundle: Rollup.OutputBundle, path: string, content: string): Finding[] {
  const asset = assetOf(bundle, path)
  if (!asset) return []
  const before = asset.source
  asset.source = content
  if (!ENCODINGS.some(({ extension }) => Object.hasOwn(bundle, path + extension))) return []
  const copies = compressedCopies(path, bytesOf(before), Buffer.from(content), (name) => {
    const copy = assetOf(bundle, name)
    return copy && bytesOf(copy.source)
  })
  return copies.flatMap((copy) => {
    const file = assetOf(bundle, copy.path)
    if (!copy.renewed || !file) return [finding('compressed-stale', { path: copy.path, page: path })]
    file.source = copy.renewed
    return []
  })
}

/** Compressed pages whose uncompressed page was removed from the bundle: they cannot be protected any more. */
export function orphanedCopies(bundle: Rollup.OutputBundle): Finding[] {
  return Object.keys(bundle).flatMap((path) => {
    const page = /^(.*\.html?)\.(?:gz|br|zst)$/i.exec(path)?.[1]
    return page !== undefined && !Object.hasOwn(bundle, page)
      ? [finding('compressed-stale', { path, page })]
      : []
  })
}
