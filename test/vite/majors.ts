import legacy8 from '@vitejs/plugin-legacy'
import * as vite8 from 'vite'
import * as five from './majors/5/index.ts'
import * as six from './majors/6/index.ts'
import * as seven from './majors/7/index.ts'

export type Major = 5 | 6 | 7 | 8

/** One major of Vite, with the plugin of the same major that makes bundles for old browsers. */
export interface Toolchain {
  readonly major: Major
  readonly vite: typeof vite8
  readonly legacy: typeof legacy8
}

// Each major has types of its own for the same configuration.
export const TOOLCHAINS: readonly Toolchain[] = [
  { major: 5, ...(five as unknown as Omit<Toolchain, 'major'>) },
  { major: 6, ...(six as unknown as Omit<Toolchain, 'major'>) },
  { major: 7, ...(seven as unknown as Omit<Toolchain, 'major'>) },
  { major: 8, vite: vite8, legacy: legacy8 },
]
