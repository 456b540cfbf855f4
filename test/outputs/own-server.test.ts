import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { memorySite } from '../support/memory-site.ts'
import { ownServer } from './own-server.ts'
import { hashOf } from './policies.ts'

const page = (script: string): string => `<!doctype html><script>${script}</script>`

describe("an output of the user's own", () => {
  it('is what the documentation shows', () => {
    const shown = readFileSync(join(import.meta.dirname, '../../docs/hosts.md'), 'utf8')
    const code = readFileSync(join(import.meta.dirname, 'own-server.ts'), 'utf8')
    expect(shown).toContain(code.replace('../../src/index.ts', 'vite-plugin-csp-hashes'))
  })

  it('writes its file, and a preview reads it back', () => {
    const files = { 'index.html': page('one()'), 'about/index.html': page('two()') }
    const secured = secureSite(memorySite(files), resolveOptions({ output: ownServer, preset: 'basic' }))
    expect(secured.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(secured.pages.map(({ html }) => html).join()).not.toContain('http-equiv')
    const [file] = secured.files
    expect(file).toMatchObject({ root: 'project', path: 'policies.json' })
    const written = { siteFile: () => undefined, projectFile: () => file?.content }
    const about = ownServer.read!(written, { path: '/about/', mount: '/', file: 'about/index.html' })
    const policy = about.get('content-security-policy')
    expect(policy).toContain(hashOf('two()'))
    expect(policy).not.toContain(hashOf('one()'))
    // The main policy and the fence.
    expect(policy?.split(', ')).toHaveLength(2)
    expect(policy).toContain("frame-ancestors 'self'")
    expect(ownServer.read!(written, { path: '/no', mount: '/', file: undefined }).size).toBe(0)
  })
})
