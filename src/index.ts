export type { FindingCode, FindingLevel } from './core/findings/index.ts'
export {
  DirectoryError,
  type DirectoryErrorCode,
  type DirectoryOptions,
  type DirectoryPage,
  type DirectoryResult,
  type FileChange,
  type JudgedFile,
  secureDirectory,
  type SiteRefusal,
  verifyDirectory,
  type VerifyOptions,
  type VerifyResult,
} from './directory.ts'
export { type DirectiveOptions, type Options, OptionsError, type SourceExpression } from './options.ts'
export type { OutputName } from './outputs/index.ts'
export type { Delivered, DeliveredPage, Delivery, Layout, Output, OutputFile } from './outputs/output.ts'
export { cspHashes, cspHashes as default } from './plugin.ts'
