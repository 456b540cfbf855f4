import { describe } from 'vitest'
import { table } from './table.ts'

describe('everything that Vite 7 can emit', () => table(7))
