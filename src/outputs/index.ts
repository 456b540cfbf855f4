import { meta } from './meta.ts'
import type { Output } from './output.ts'

export type OutputName = 'meta'

export const OUTPUTS: Record<OutputName, Output> = { meta }
