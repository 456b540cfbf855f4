import { computedSpecifiers } from '../graph/computed-imports.ts'
import { type ImportMap, NO_IMPORT_MAP, readImportMap } from '../graph/import-map-resolve.ts'
import { readScriptReferences, type ScriptReferences, ScriptSyntaxError } from '../graph/references.ts'
import { Specifiers } from '../graph/specifiers.ts'
import type { InlineScript, ScannedPage, SiteContext, UnansweredImport } from '../site/model.ts'

/** An import, in a page or in a script that it loads, that does not resolve to a file of the site. */
export interface PageImport extends UnansweredImport {
  /** The path of the importing script, or the inline script itself. */
  readonly importer: string | InlineScript
}

/** The imports of an inline script. */
export interface InlineImports {
  /** Files of the site. */
  readonly files: readonly string[]
  readonly unanswered: readonly PageImport[]
}

const NO_IMPORTS: InlineImports = { files: [], unanswered: [] }

/** Resolves the imports of a page's inline scripts under the page's import map. */
export class InlineModules {
  private readonly map: ImportMap

  constructor(
    private readonly site: SiteContext,
    private readonly page: ScannedPage,
    private readonly base: URL,
    importMap: string | undefined,
  ) {
    this.map = importMap === undefined ? NO_IMPORT_MAP : readImportMap(importMap, base)
  }

  read(script: InlineScript): InlineImports {
    if (!/\bimport\b/.test(script.text)) return NO_IMPORTS
    const references = readReferences(script.text)
    if (!references) return NO_IMPORTS
    const resolved = new Specifiers(this.site, this.base, this.map)
    const scripts = (): readonly string[] => this.site.unnamedImports?.(this.page.path) ?? []
    const files = [
      ...[...references.imports, ...references.dynamicImports].flatMap((one) => resolved.files(one)),
      ...computedSpecifiers(script.text).flatMap((one) => resolved.matching(one, scripts())),
    ]
    return { files, unanswered: resolved.unanswered.map((one) => ({ ...one, importer: script })) }
  }
}

/** A script that engines cannot parse imports nothing. */
function readReferences(text: string): ScriptReferences | undefined {
  try {
    return readScriptReferences(text)
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return undefined
    throw error
  }
}
