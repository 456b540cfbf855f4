/** All that is needed when a bundle is finished, parsers included: it is loaded while the bundler is at work. */
export { digest } from '../core/digest.ts'
export { secureSite } from '../secure.ts'
export { builtUrls } from './built-urls.ts'
export { orphanedCopies, replaceAsset } from './bundle-edits.ts'
export { bundleSite, EmittedFiles } from './bundle-site.ts'
export { emitDataModules } from './data-modules.ts'
export { checkDisk } from './disk-check.ts'
export { manifestWithIntegrity } from './manifest-integrity.ts'
