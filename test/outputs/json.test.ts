import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { json } from '../../src/outputs/json.ts'
import { deliveryOf, hashOf, policiesFor } from './policies.ts'

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schema/csp-hashes.schema.json'), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema)

interface Manifest {
  version: number
  base: string
  union: { headers: { name: string; value: string }[] }
  pages: {
    path: string
    requestPaths: string[]
    headers: { name: string; value: string }[]
    policies: { directives: { name: string; sources: { expression: string; reason: object }[] }[] }[]
  }[]
}

function manifest(): Manifest {
  const [file] =
    json.deliver(
      deliveryOf({
        outputs: ['json'],
        base: '/sub/',
        reporting: { endpoint: 'https://reports.example/csp', sample: false },
        pages: [
          { path: 'index.html', policies: policiesFor(['one']) },
          { path: 'blog/café.html', policies: policiesFor(['two']) },
        ],
      }),
    ).files ?? []
  expect([file?.root, file?.path]).toEqual(['site', 'csp-hashes.json'])
  return JSON.parse(file!.content) as Manifest
}

describe('csp-hashes.json', () => {
  it('is what the schema of the package describes', () => {
    expect(validate(manifest())).toBe(true)
  })

  it.each([
    ['another version', (one: Manifest) => ({ ...one, version: 2 })],
    ['a page without policies', (one: Manifest) => ({ ...one, pages: [{ path: 'index.html' }] })],
    ['an unknown property', (one: Manifest) => ({ ...one, extra: 1 })],
  ])('would not be valid with %s', (_, change) => {
    expect(validate(change(manifest()))).toBe(false)
  })

  it('has each page with its headers, its sources and what they stand for', () => {
    const { base, pages } = manifest()
    expect(base).toBe('/sub/')
    expect(pages.map(({ path, requestPaths }) => [path, ...requestPaths])).toEqual([
      ['index.html', '/', '/index.html'],
      ['blog/café.html', '/blog/caf%C3%A9', '/blog/caf%C3%A9/', '/blog/caf%C3%A9.html'],
    ])
    const page = pages[1]!
    expect(page.headers.map(({ name }) => name)).toEqual([
      'Content-Security-Policy',
      'X-Content-Type-Options',
      'Reporting-Endpoints',
    ])
    expect(page.headers[0]!.value).toContain(hashOf('two'))
    expect(page.headers[0]!.value).not.toContain(hashOf('one'))
    const sources = page.policies[0]!.directives.find(({ name }) => name === 'script-src')!.sources
    expect(sources[0]).toEqual({ expression: hashOf('two'), reason: { kind: 'option', option: 'test' } })
  })

  it('has the union of all pages', () => {
    const [policy] = manifest().union.headers
    expect(policy!.value).toContain(hashOf('one'))
    expect(policy!.value).toContain(hashOf('two'))
  })
})
