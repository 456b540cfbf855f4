import { describe } from 'vitest'
import { table } from './table.ts'

describe('everything that Vite 8 can emit', () => table(8))
