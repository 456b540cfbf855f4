/** The engines whose behaviour is modelled. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

/**
 * Where engines differ from one another, as measured; everything else follows the specifications.
 */
export interface EngineTraits {
  readonly name: Engine
  /** An import of a parser-inserted script counts as parser-inserted, so `'strict-dynamic'` refuses it. */
  readonly importsInheritParserInserted: boolean
  /** `<link rel=modulepreload>` counts as parser-inserted. @see https://github.com/w3c/webappsec-csp/issues/823 */
  readonly modulePreloadIsParserInserted: boolean
  /** `<link rel=preload as=script>` counts as parser-inserted. */
  readonly scriptPreloadIsParserInserted: boolean
  /** The `integrity` of the import map lets a hash in the policy allow an import. */
  readonly importMapIntegrityAllows: boolean
  /** Only the first import map counts, and only before any module script and modulepreload link. */
  readonly singleEarlyImportMap: boolean
  /** `<script type=speculationrules>` is acted upon, so it is checked. */
  readonly speculationRules: boolean
  /** `Integrity-Policy` is satisfied by the integrity of the import map. */
  readonly integrityPolicySeesImportMap: boolean
}

export const engines: readonly EngineTraits[] = [
  {
    name: 'chromium',
    importsInheritParserInserted: true,
    modulePreloadIsParserInserted: false,
    scriptPreloadIsParserInserted: true,
    importMapIntegrityAllows: true,
    singleEarlyImportMap: false,
    speculationRules: true,
    integrityPolicySeesImportMap: true,
  },
  {
    name: 'firefox',
    importsInheritParserInserted: true,
    modulePreloadIsParserInserted: true,
    scriptPreloadIsParserInserted: false,
    importMapIntegrityAllows: true,
    singleEarlyImportMap: true,
    speculationRules: false,
    integrityPolicySeesImportMap: true,
  },
  {
    name: 'webkit',
    importsInheritParserInserted: false,
    modulePreloadIsParserInserted: false,
    scriptPreloadIsParserInserted: false,
    importMapIntegrityAllows: false,
    singleEarlyImportMap: false,
    speculationRules: false,
    integrityPolicySeesImportMap: false,
  },
]
