import { expect, it } from 'vitest'
import { serialisePolicies } from '../../src/core/csp/serialise.ts'
import { meta } from '../../src/outputs/meta.ts'
import { deliveryOf, hashOf, policiesFor } from './policies.ts'

const pages = [
  { path: 'a.html', policies: policiesFor(['a()']) },
  { path: 'b.html', policies: policiesFor(['b()']) },
]

const policyOf = (page: string, layout: 'auto' | 'union'): string =>
  serialisePolicies(meta.deliver(deliveryOf({ pages, layout })).metas?.get(page) ?? [])

it('puts its own policy into each page', () => {
  expect(policyOf('a.html', 'auto')).toContain(hashOf('a()'))
  expect(policyOf('a.html', 'auto')).not.toContain(hashOf('b()'))
})

it("puts one policy into all pages under the layout 'union'", () => {
  expect(policyOf('a.html', 'union')).toContain(hashOf('a()'))
  expect(policyOf('a.html', 'union')).toContain(hashOf('b()'))
  expect(policyOf('b.html', 'union')).toBe(policyOf('a.html', 'union'))
})
