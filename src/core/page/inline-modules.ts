import { computedSpecifiers } from '../graph/computed-imports.ts'
import { type ImportMap, NO_IMPORT_MAP, readImportMap } from '../graph/import-map-resolve.ts'
import { readScriptReferences, type ScriptReferences, ScriptSyntaxError } from '../graph/references.ts'
import { Specifiers } from '../graph/specifiers.ts'
import type { InlineScript, ScannedPage, SiteContext, UnansweredImport } from '../site/model.ts'
import { isImportMap } from './import-map.ts'

/** An import of a page or of a script that it loads, which no file of the site answers. */
export interface PageImport extends UnansweredImport {
  /** The file of a script, or the inline script itself. */
  readonly importer: string | InlineScript
}

/** What the inline scripts of a page import, under the import map of the page. */
export class InlineModules {
  readonly unanswered: PageImport[] = []
  private readonly map: ImportMap

  constructor(
    private readonly site: SiteContext,
    page: ScannedPage,
    private readonly base: URL,
    private readonly scripts: () => readonly string[],
  ) {
    const map = page.resources.find(isImportMap)
    this.map = map ? readImportMap(map.text, base) : NO_IMPORT_MAP
  }

  /** The files of the site that an inline script imports. */
  files(script: InlineScript): string[] {
    if (!/\bimport\b/.test(script.text)) return []
    const references = readReferences(script.text)
    if (!references) return []
    const resolved = new Specifiers(this.site, this.base, this.map)
    const files = [
      ...[...references.imports, ...references.dynamicImports].flatMap((one) => resolved.files(one)),
      ...computedSpecifiers(script.text).flatMap((one) => resolved.matching(one, this.scripts())),
    ]
    for (const one of resolved.unanswered) this.unanswered.push({ ...one, importer: script })
    return files
  }
}

/** A script that no engine can parse imports nothing. */
function readReferences(text: string): ScriptReferences | undefined {
  try {
    return readScriptReferences(text)
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return undefined
    throw error
  }
}
