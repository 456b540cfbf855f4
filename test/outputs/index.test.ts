import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OUTPUTS } from '../../src/outputs/index.ts'
import { hostFileOf } from '../../src/verify/hosts/index.ts'

const hosts = readFileSync(join(import.meta.dirname, '../../docs/hosts.md'), 'utf8')

/** These have no file of a host: pages carry the policy, or your own server reads it. */
const WITHOUT_HOST = ['meta', 'github-pages', 'json']

describe.each(Object.entries(OUTPUTS))('the output %s', (name, output) => {
  it('has one name', () => expect(output.name).toBe(name))

  it('has a reader of its file, and a place in the documentation', () => {
    expect(hostFileOf(name) !== undefined).toBe(!WITHOUT_HOST.includes(name))
    if (name !== 'meta') expect(hosts).toContain(`\`${name}\``)
  })
})
