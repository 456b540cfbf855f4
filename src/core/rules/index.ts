import { handlerBeforePolicy, inlineHandler, javascriptUrl, styleAttribute } from './attributes.ts'
import { baseBlocked } from './base.ts'
import { domContentLoaded, trustedTypesSink, wasmBlocked } from './code.ts'
import { evalUsed } from './evaluation.ts'
import { importElsewhere, importMissing, importUnlisted, pinUnused } from './imports.ts'
import { needBlocked } from './needs.ts'
import { noncePlaceholder, nonceStatic } from './nonces.ts'
import { remoteUrls } from './origins.ts'
import { scriptSrcRemoved, sealRemoved, sourceWeak } from './policy.ts'
import type { Rule } from './rule.ts'
import { scriptMade } from './script-makers.ts'
import { serviceBlocked } from './services.ts'
import { chunksUnpinned, documentRouter, scriptBlob } from './runtimes.ts'
import { cssInJs, remoteStyle, styleUnsafeInline } from './styles.ts'

export type { Rule, RuleScript, RuleSettings } from './rule.ts'

/** Every rule, in the order in which findings are reported. */
export const RULES: readonly Rule[] = [
  baseBlocked,
  inlineHandler,
  handlerBeforePolicy,
  javascriptUrl,
  styleAttribute,
  evalUsed,
  wasmBlocked,
  importUnlisted,
  importMissing,
  importElsewhere,
  scriptMade,
  serviceBlocked,
  scriptBlob,
  chunksUnpinned,
  documentRouter,
  pinUnused,
  cssInJs,
  styleUnsafeInline,
  remoteStyle,
  needBlocked,
  remoteUrls,
  nonceStatic,
  noncePlaceholder,
  domContentLoaded,
  trustedTypesSink,
  sourceWeak,
  scriptSrcRemoved,
  sealRemoved,
]
