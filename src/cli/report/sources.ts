import type { Finding } from '../../core/findings/index.ts'
import { codeFrame, positionOf } from '../../core/text/code-frame.ts'
import { placeInScript } from '../../core/violations/place.ts'
import { decodePage } from '../../files/read.ts'
import type { SiteFiles } from '../../files/file-cache.ts'
import { type Fetched, ServedFiles } from '../../try/served-files.ts'

const ROOT = 'http://site/'

/** Maps findings to the original source: a place in a script is looked up in its source map, if the site has one. */
export async function atSources(
  findings: readonly Finding[],
  files: SiteFiles,
  project: string,
): Promise<Finding[]> {
  const read = async (url: string): Promise<Fetched | undefined> => {
    if (url.startsWith('data:')) return { text: await (await fetch(url)).text(), type: '' }
    const bytes = files.read(decodeURIComponent(new URL(url).pathname.slice(1)))
    const text = bytes && decodePage(bytes)
    return text === undefined ? undefined : { text, type: '' }
  }
  const served = new ServedFiles(ROOT, project, (url) => read(url).catch(() => undefined))
  const urlOf = (file: string): string => new URL(encodeURI(file), ROOT).href
  const scripts = findings.flatMap(({ location }) =>
    location && /\.m?js$/.test(location.file) ? [urlOf(location.file)] : [],
  )
  await served.load(scripts)
  return findings.map((finding) => {
    const { location } = finding
    const script = location && served.script(urlOf(location.file))
    if (!script) return finding
    const { file, source, offset } = placeInScript(served, script, location)
    const position = positionOf(source, offset)
    return { ...finding, location: { file, ...position, frame: codeFrame(source, position, offset) } }
  })
}
