import type { VerifyOptions, VerifyResult } from './verify-site/built.ts'

export type { FindingCode, FindingLevel } from './core/findings/index.ts'
export {
  DirectoryError,
  type DirectoryErrorCode,
  type DirectoryOptions,
  type DirectoryPage,
  type DirectoryResult,
  type FileChange,
  secureDirectory,
} from './directory.ts'
export { type DirectiveOptions, type Options, OptionsError, type SourceExpression } from './options.ts'
export type { OutputName } from './outputs/index.ts'
export type { Delivered, DeliveredPage, Delivery, Layout, Output, OutputFile } from './outputs/output.ts'
export { cspHashes, cspHashes as default } from './plugin.ts'
export type { JudgedFile, SiteRefusal, VerifyOptions, VerifyResult } from './verify-site/built.ts'

/**
 * Checks a finished site. It reads the pages, their files and the headers that host files set, and decides by its
 * own rules what Chromium, Firefox and WebKit would block. It changes nothing.
 *
 * @throws {DirectoryError} if the directory or one of its files cannot be read
 */
export async function verifyDirectory(directory: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  // Imported on demand, so that a Vite config that imports the plugin does not load the HTML parser.
  return (await import('./verify-site/built.ts')).verifyDirectory(directory, options)
}
