import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DirectoryError } from '../../src/files/errors.ts'
import { type Rename, StagedWrites } from '../../src/files/staged-writes.ts'
import { readTree } from '../support/files.ts'
import { temporarySite } from '../directory/temporary-site.ts'

const files = { 'a.html': 'old a', 'b.html': 'old b', 'c.html': 'old c' }

/** Three pages and a new file, staged. */
function staged(site: string, rename?: Rename): StagedWrites {
  const writes = new StagedWrites(rename)
  for (const name of [...Object.keys(files), 'new.txt'])
    writes.stage(name, join(site, name), Buffer.from(`new ${name}`))
  return writes
}

describe('writes that belong together', () => {
  it('leave every file as it is until all are staged', () => {
    const site = temporarySite(files)
    const writes = staged(site)
    for (const [path, text] of Object.entries(files)) expect(readTree(site)[path]?.toString()).toBe(text)
    writes.commit()
    expect(readTree(site)).toEqual({
      'a.html': Buffer.from('new a.html'),
      'b.html': Buffer.from('new b.html'),
      'c.html': Buffer.from('new c.html'),
      'new.txt': Buffer.from('new new.txt'),
    })
  })

  it.each([0, 1, 2, 3])('are all taken back where the one at %i cannot be put in place', (failing) => {
    const site = temporarySite(files)
    const tree = readTree(site)
    let count = 0
    const writes = staged(site, (from, to) => {
      if (count++ === failing) throw Object.assign(new Error('EBUSY: busy'), { code: 'EBUSY' })
      renameSync(from, to)
    })
    expect(() => writes.commit()).toThrow(DirectoryError)
    expect(readTree(site)).toEqual(tree)
  })

  it('leave nothing behind when they are given up', () => {
    const site = temporarySite(files)
    const tree = readTree(site)
    staged(site).discard()
    expect(readTree(site)).toEqual(tree)
  })

  it('say which file cannot be written', () => {
    const site = temporarySite(files)
    mkdirSync(join(site, 'd'))
    const writes = new StagedWrites()
    expect(() => writes.stage('a.html/x', join(site, 'a.html/x'), Buffer.from('x'))).toThrow(
      expect.objectContaining({ code: 'unwritable', path: 'a.html/x' }),
    )
  })

  it('keep modes that the umask would cut', () => {
    const site = temporarySite(files)
    const writes = new StagedWrites()
    const before = process.umask(0o077)
    try {
      writes.stage('a.html', join(site, 'a.html'), Buffer.from('x'))
    } finally {
      process.umask(before)
    }
    const { mode } = statSync(join(site, 'a.html'))
    writes.commit()
    expect(statSync(join(site, 'a.html')).mode).toBe(mode)
  })

  it.each(['a'.repeat(250), 'ü'.repeat(125)])('take a name as long as file systems allow', (name) => {
    const path = `${name}.html`
    const site = temporarySite({ [path]: 'old' })
    const writes = new StagedWrites()
    writes.stage(path, join(site, path), Buffer.from('new'))
    writes.commit()
    expect(readTree(site)).toEqual({ [path]: Buffer.from('new') })
  })

  it('go into the file that a link leads to, and keep the link', () => {
    const site = temporarySite({ 'shared/vercel.json': '{}', 'app/x': '' })
    symlinkSync('../shared/vercel.json', join(site, 'app/vercel.json'))
    symlinkSync('nowhere.json', join(site, 'app/dangling.json'))
    const writes = new StagedWrites()
    writes.stage('vercel.json', join(site, 'app/vercel.json'), Buffer.from('{"a":1}'))
    writes.commit()
    expect(lstatSync(join(site, 'app/vercel.json')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(site, 'shared/vercel.json'), 'utf8')).toBe('{"a":1}')
    const dangling = (): void => writes.stage('d', join(site, 'app/dangling.json'), Buffer.from('x'))
    expect(dangling).toThrow(expect.objectContaining({ code: 'unwritable', path: 'd' }))
  })
})
