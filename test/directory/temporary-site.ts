import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory, writeTree } from '../support/files.ts'

/** A folder with these files, gone after the test. */
export function temporarySite(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryDirectory('directory')
  writeTree(folder, files)
  return folder
}

export function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}

export function page(head: string, body = ''): string {
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n${head}\n</head>\n<body>${body}</body>\n</html>\n`
}

/** URLs in the `integrity` section of the page's import map. */
export function pinnedByMap(html: string): string[] {
  const map = /<script type="importmap"[^>]*>(.*?)<\/script>/s.exec(html)?.[1]
  if (map === undefined) return []
  return Object.keys((JSON.parse(map) as { integrity?: object }).integrity ?? {})
}
