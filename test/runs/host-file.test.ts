import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'

it("a user's _headers that is no UTF-8 stays as it is, and the message is for people", () => {
  const site = temporaryDirectory('host-file')
  const page = '<!doctype html><title>x</title><script>ran()</script>'
  writeTree(site, { 'index.html': page, _headers: Buffer.from('/*\n  X-Name: caf\xE9\n', 'latin1') })
  const before = readTree(site)
  const command = join(import.meta.dirname, '../../dist/cli.js')
  const { status, stderr } = spawnSync(process.execPath, [command, site, '--output', 'netlify'], {
    encoding: 'utf8',
  })
  expect(status).toBe(3)
  expect(stderr).toContain('_headers is not valid UTF-8')
  expect(stderr).not.toMatch(/^ +at /m)
  expect(readTree(site)).toEqual(before)
})
