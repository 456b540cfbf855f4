import { describe } from 'vitest'
import { table } from './table.ts'

describe('everything that Vite 5 can emit', () => table(5))
