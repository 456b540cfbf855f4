import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Root of the project; this file is compiled to `bench/dist/bench`. */
export const ROOT = join(here, '../../..')
/** Everything that is made for the comparison: inputs, peers, the package as it would be installed. */
export const CACHE = join(ROOT, 'bench/.cache')
/** The package, compiled for the comparison alone: no other build of the checkout changes it meanwhile. */
export const PACKAGE = join(ROOT, 'bench/dist/package')
