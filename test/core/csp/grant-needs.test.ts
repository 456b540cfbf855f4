import { describe, expect, it } from 'vitest'
import type { DirectiveName } from '../../../src/core/csp/directives.ts'
import {
  type Directives,
  grantNeeds,
  type GrantSettings,
  unmetNeeds,
} from '../../../src/core/csp/grant-needs.ts'
import { type Need, need } from '../../../src/core/csp/need.ts'
import type { Policy, Source } from '../../../src/core/site/model.ts'

const sources = (list: string): Source[] =>
  list.split(' ').map((expression) => ({ expression, reason: { kind: 'preset', preset: 'x' } }))

const directives = (lists: Record<string, string>): Directives =>
  new Map(Object.entries(lists).map(([name, list]) => [name, sources(list)]))

const TIGHT: GrantSettings = { preset: 'tight', directives: new Map() }

/** The directives once needs are granted, as texts. */
function granted(
  lists: Record<string, string>,
  needs: readonly Need[],
  settings: GrantSettings = TIGHT,
): Record<string, string> {
  const all = directives(lists)
  grantNeeds(all, needs, settings)
  return Object.fromEntries(
    [...all].map(([name, list]) => [name, list.map((one) => one.expression).join(' ')]),
  )
}

const image = need('img-src', "'self'", '<img>')
const asked: Need = { ...image, asked: true }
const own = (name: DirectiveName, values: readonly string[] | false): GrantSettings => ({
  preset: 'tight',
  directives: new Map([[name, values]]),
})

describe('a need', () => {
  it.each([
    [
      'opens a directive of its own',
      { 'default-src': "'none'" },
      [image],
      { 'default-src': "'none'", 'img-src': "'self'" },
    ],
    [
      'keeps what the fallback lets',
      { 'default-src': 'https:' },
      [need('img-src', 'data:', '<img>')],
      { 'default-src': 'https:', 'img-src': 'https: data:' },
    ],
    ['adds nothing to what is let already', { 'img-src': "'self'" }, [image], { 'img-src': "'self'" }],
    ["takes the place of 'none'", { 'img-src': "'none'" }, [image], { 'img-src': "'self'" }],
    [
      'writes workers out, whose fallback differs',
      { 'default-src': "'self'" },
      [need('worker-src', "'self'", 'w')],
      { 'default-src': "'self'", 'worker-src': "'self'" },
    ],
    ['asks for nothing where nothing decides', {}, [image], {}],
    [
      "adds no hash beside an 'unsafe-inline' in force",
      { 'style-src': "'unsafe-inline'" },
      [need('style-src', "'sha256-x'", '<style>')],
      { 'style-src': "'unsafe-inline'" },
    ],
  ] as const)('%s', (_, before, needs, after) => {
    expect(granted(before, needs)).toEqual(after)
  })

  it('is refused what the user has closed', () => {
    expect(granted({ 'img-src': "'none'" }, [image], own('img-src', ["'none'"]))).toEqual({
      'img-src': "'none'",
    })
    expect(granted({ 'default-src': "'none'" }, [image], own('img-src', false))).toEqual({
      'default-src': "'none'",
    })
  })

  it('is granted under scripts-only if an option asks for it', () => {
    const settings: GrantSettings = { preset: 'scripts-only', directives: new Map() }
    expect(granted({ 'img-src': "'none'" }, [image], settings)).toEqual({ 'img-src': "'none'" })
    expect(granted({ 'img-src': "'none'" }, [asked], settings)).toEqual({ 'img-src': "'self'" })
  })
})

describe('unmet needs', () => {
  const policy = (lists: Record<string, string>, part: Partial<Policy> = {}): Policy => ({
    role: 'main',
    disposition: 'enforce',
    directives: directives(lists),
    ...part,
  })

  it('are those that an enforced main policy refuses', () => {
    expect(unmetNeeds([policy({ 'img-src': "'none'" })], [image])).toEqual([image])
    expect(unmetNeeds([policy({ 'img-src': "'self'" })], [image])).toEqual([])
    expect(unmetNeeds([policy({ 'img-src': "'none'" }, { disposition: 'report' })], [image])).toEqual([])
    expect(unmetNeeds([policy({ 'img-src': "'none'" }, { role: 'fence' })], [image])).toEqual([])
  })

  it("are no workers under 'strict-dynamic', whatever their URL", () => {
    const worker = need('worker-src', 'blob:', 'w')
    expect(unmetNeeds([policy({ 'script-src': "'strict-dynamic' 'sha256-x'" })], [worker])).toEqual([])
    expect(unmetNeeds([policy({ 'script-src': "'sha256-x'" })], [worker])).toEqual([worker])
  })
})
