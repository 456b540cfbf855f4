/** The engines whose behaviour is modelled. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

/**
 * Measured differences between the engines; everything else follows the specifications.
 */
export interface EngineTraits {
  readonly name: Engine
  /** A module script in the markup counts as parser-inserted. */
  readonly moduleElementIsParserInserted: boolean
  /** Imports of a parser-inserted script count as parser-inserted, so `'strict-dynamic'` blocks them. */
  readonly importsInheritParserInserted: boolean
  /** `<link rel=modulepreload>` counts as parser-inserted. @see https://github.com/w3c/webappsec-csp/issues/823 */
  readonly modulePreloadIsParserInserted: boolean
  /** `<link rel=preload as=script>` counts as parser-inserted. */
  readonly scriptPreloadIsParserInserted: boolean
  /**
   * The import map's `integrity` lets a hash in the policy allow an import.
   * For script elements it does so in every engine.
   */
  readonly importMapIntegrityAllowsImports: boolean
  /** Only the first import map counts, and only if no module script or modulepreload link precedes it. */
  readonly singleEarlyImportMap: boolean
  /** A comma in a meta policy starts another policy, as it does in a header. The specification says it does not. */
  readonly metaSplitsAtComma: boolean
  /** The engine supports `<script type=speculationrules>`, so CSP applies to it. */
  readonly speculationRules: boolean
  /** Integrity from the import map satisfies `Integrity-Policy`. */
  readonly integrityPolicySeesImportMap: boolean
  /** A host source with host `*` and no scheme, such as `*:*`, is ignored. A lone `*` still works. */
  readonly wildcardHostNeedsScheme: boolean
}

export const engines: readonly EngineTraits[] = [
  {
    name: 'chromium',
    moduleElementIsParserInserted: true,
    importsInheritParserInserted: true,
    modulePreloadIsParserInserted: false,
    scriptPreloadIsParserInserted: true,
    importMapIntegrityAllowsImports: true,
    singleEarlyImportMap: false,
    metaSplitsAtComma: true,
    speculationRules: true,
    integrityPolicySeesImportMap: true,
    wildcardHostNeedsScheme: false,
  },
  {
    name: 'firefox',
    moduleElementIsParserInserted: true,
    importsInheritParserInserted: true,
    modulePreloadIsParserInserted: true,
    scriptPreloadIsParserInserted: false,
    importMapIntegrityAllowsImports: true,
    singleEarlyImportMap: true,
    metaSplitsAtComma: false,
    speculationRules: false,
    integrityPolicySeesImportMap: true,
    wildcardHostNeedsScheme: false,
  },
  {
    name: 'webkit',
    moduleElementIsParserInserted: false,
    importsInheritParserInserted: false,
    modulePreloadIsParserInserted: false,
    scriptPreloadIsParserInserted: false,
    importMapIntegrityAllowsImports: false,
    singleEarlyImportMap: false,
    metaSplitsAtComma: true,
    speculationRules: false,
    integrityPolicySeesImportMap: false,
    wildcardHostNeedsScheme: true,
  },
]
