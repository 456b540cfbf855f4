import { expect, it } from 'vitest'
import { computedSpecifiers } from '../../../src/core/graph/computed-imports.ts'

/** Names of minified code stand for many variables, each made from others. */
const tangled = (count: number): string =>
  Array.from({ length: count }, (_, i) => `n${i % 9}=n${(i + 1) % 9}+n${(i + 2) % 9}+"${i}"`).join(';')

it('follows the names of an import through a bundle whose names are used again and again', () => {
  const specifiers = computedSpecifiers(`${tangled(20_000)};let a="./x/",b=a+"y.js";import(b);import(n1)`)
  expect(specifiers).toContainEqual({ head: './x/y.js', tail: './x/y.js', whole: true })
  expect(specifiers).toContainEqual({ head: '', tail: '', whole: false })
})
