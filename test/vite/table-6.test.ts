import { describe } from 'vitest'
import { table } from './table.ts'

describe('everything that Vite 6 can emit', () => table(6))
