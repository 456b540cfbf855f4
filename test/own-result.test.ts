import { join } from 'node:path'
import { build } from 'vite'
import { describe, expect, it, vi } from 'vitest'
import { cspHashes, secureDirectory } from '../src/index.ts'
import { makeDirectory, readTree, writeTree } from './support/files.ts'

// A fault of this package: the policies end up in the body.
vi.mock(import('../src/core/page/rewrite.ts'), async (original) => {
  const real = await original()
  return {
    ...real,
    rewritePage: (...args) => real.rewritePage(...args).replace('<head>', '<head>;'),
  }
})

const page = '<!doctype html>\n<html><head><title>t</title></head><body><script>1</script></body></html>\n'

describe('a page whose policy browsers would ignore is not written', () => {
  it('by a run over a directory', async () => {
    const directory = makeDirectory('own-result')
    writeTree(directory, { 'index.html': page })
    const { findings, written } = await secureDirectory(directory, { base: '/' })
    expect(findings.map(({ code }) => code)).toContain('result-refused')
    expect(findings[0]?.location).toMatchObject({ file: 'index.html' })
    expect(written).toBe(false)
    expect(readTree(directory)['index.html']?.toString()).toBe(page)
  })

  it('by a build', async () => {
    const root = makeDirectory('own-result')
    writeTree(root, { 'index.html': page })
    const built = build({ root, configFile: false, logLevel: 'silent', plugins: [cspHashes()] })
    await expect(built).rejects.toThrow(/checked before it was written, and failed/)
    expect(Object.keys(readTree(root))).not.toContain(join('dist', 'index.html'))
  })
})
