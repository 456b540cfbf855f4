import type { Vector } from './vector.ts'
import { careless } from './vectors/careless.ts'
import { documents } from './vectors/documents.ts'
import { handlers } from './vectors/handlers.ts'
import { known } from './vectors/known.ts'
import { scripts } from './vectors/scripts.ts'
import { urls } from './vectors/urls.ts'

export const vectors: readonly Vector[] = [
  ...known,
  ...handlers,
  ...urls,
  ...documents,
  ...scripts,
  ...careless,
]
