import { join } from 'node:path'
import { expect, it } from 'vitest'

it('is in the docs as the docstrings say it now', async () => {
  // A variable: the scripts have no types.
  const script = '../../scripts/reference.js'
  const { reference } = (await import(script)) as { reference: () => string }
  // `npm run build && npx vitest -u --project runs test/runs/reference` writes it.
  await expect(reference()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/reference.md'))
})
