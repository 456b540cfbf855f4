import { isSink } from './sinks.ts'
import type { Vector } from './vector.ts'

/** The one page that gets no policy, in any shape. */
export const isGallery = (path: string): boolean => path.startsWith('/gallery-')

/**
 * A page without a policy that holds attacked pages in frames, so that one visit measures many. Its globals are
 * where the attacker's code leaves its mark (`ran`), what the visitor does (`act`) and which apps do not work
 * (`broken`).
 */
export function galleryPage(
  vectors: readonly Vector[],
  fill: (text: string, vector: Vector) => string,
): string {
  const acts = vectors.flatMap((vector) =>
    vector.act === undefined ? [] : [`${vector.id}(page) { ${fill(vector.act, vector)} }`],
  )
  const frames = vectors.map((vector) => {
    const hash = isSink(vector.at)
      ? `${vector.at}=${encodeURIComponent(fill(vector.markup, vector))}`
      : (vector.hash ?? '')
    return `<iframe name="${vector.id}" src="${vector.id}.html#${hash}" width="140" height="60"></iframe>`
  })
  return `<!doctype html><meta charset="utf-8"><title>Gallery</title>
<script>
ran = {}
new BroadcastChannel('ran').onmessage = ({ data }) => { ran[data] = 1 }
const acts = { ${acts.join(',\n')} }
act = () => {
  const failed = {}
  for (const name in acts) {
    try { acts[name](document.getElementsByName(name)[0].contentWindow) } catch (error) { failed[name] = String(error) }
  }
  return failed
}
const works = (page) => {
  try {
    return ['static', 'classic', 'lazy', 'style', 'worker'].every((part) => page.app[part] === true)
  } catch {
    return false
  }
}
broken = () => Array.from(document.querySelectorAll('iframe'), (frame) => frame)
  .filter((frame) => !works(frame.contentWindow)).map((frame) => frame.name)
</script>
${frames.join('\n')}`
}
