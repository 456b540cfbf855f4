/** The engines whose behaviour is modelled. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

/**
 * Where engines differ from one another, as measured; everything else follows the specifications.
 */
export interface EngineTraits {
  readonly name: Engine
  /** A module script that stands in the page counts as parser-inserted. */
  readonly moduleElementIsParserInserted: boolean
  /** An import of a parser-inserted script counts as parser-inserted, so `'strict-dynamic'` refuses it. */
  readonly importsInheritParserInserted: boolean
  /** `<link rel=modulepreload>` counts as parser-inserted. @see https://github.com/w3c/webappsec-csp/issues/823 */
  readonly modulePreloadIsParserInserted: boolean
  /** `<link rel=preload as=script>` counts as parser-inserted. */
  readonly scriptPreloadIsParserInserted: boolean
  /** The `integrity` of the import map lets a hash in the policy allow an import; it does so for elements everywhere. */
  readonly importMapIntegrityAllowsImports: boolean
  /** Only the first import map counts, and only before any module script and modulepreload link. */
  readonly singleEarlyImportMap: boolean
  /** A comma in a meta policy begins another policy, as in a header; by the specification it does not. */
  readonly metaSplitsAtComma: boolean
  /** `<script type=speculationrules>` is acted upon, so it is checked. */
  readonly speculationRules: boolean
  /** `Integrity-Policy` is satisfied by the integrity of the import map. */
  readonly integrityPolicySeesImportMap: boolean
  /** A host source whose host is `*` is ignored without a scheme, as in `*:*`; a lone `*` is not. */
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
