import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTree } from '../support/files.ts'
import { page, read, temporarySite } from '../directory/temporary-site.ts'
import { run } from './run-main.ts'

const files = {
  'index.html': page(
    '<script type="module" src="/assets/app-1a2b3c4d.js"></script>',
    '<script>start()</script>',
  ),
  'assets/app-1a2b3c4d.js': 'export{}',
}
const broken = { 'index.html': page('<script src="/gone.js"></script>') }

const policyOf = (site: string): string =>
  /content="(script-src[^"]*)"/.exec(read(site, 'index.html'))?.[1] ?? ''

describe('exit codes', () => {
  it('0: done, and done again', async () => {
    const site = temporarySite(files)
    expect((await run([site])).exit).toBe(0)
    const again = await run([site, '--json'])
    expect(again.exit).toBe(0)
    expect(JSON.parse(again.out)).toMatchObject({ changed: [], written: true })
  })

  it('0: done, and remembered in a file that is named from where the command runs', async () => {
    const cwd = temporarySite({})
    const site = temporarySite(files)
    const argv = [site, '--cache', 'node_modules/.cache/csp-hashes']
    expect((await run(argv, { cwd })).exit).toBe(0)
    expect(read(cwd, 'node_modules/.cache/csp-hashes')).toContain('"path":"index.html"')
    const again = await run(argv, { cwd })
    expect(again.exit).toBe(0)
    expect(again.out).toContain('Nothing changed')
  })

  it('3: what is to be remembered lies in the site, and nothing is written', async () => {
    const site = temporarySite(files)
    const tree = readTree(site)
    const { exit, err } = await run([site, '--cache', 'cache'], { cwd: site })
    expect(exit).toBe(3)
    expect(err).toContain('would be published')
    expect(readTree(site)).toEqual(tree)
  })

  it('1: a finding is an error, and nothing is written', async () => {
    const site = temporarySite(broken)
    const tree = readTree(site)
    const { exit, err } = await run([site])
    expect(exit).toBe(1)
    expect(err).toContain('[file-missing]')
    expect(readTree(site)).toEqual(tree)
  })

  it.each([
    ['no directory', [], 'usage'],
    ['an unknown flag', ['--scrips', 'strict', '.'], 'usage'],
    ['a flag without its value', ['.', '--base'], 'usage'],
    ['a flag of another command', ['verify', '.', '--fence'], 'usage'],
    ['two directories', ['a', 'b'], 'usage'],
    ['a memory for a copy', ['.', '--cache', 'x', '--out', 'y'], 'usage'],
    ['a directory that is not there', ['/nowhere/at/all'], 'no-directory'],
    ['a configuration that is not there', ['.', '--config', 'gone.json'], 'usage'],
  ])('2: %s', async (_, argv, code) => {
    const { exit, out } = await run([...argv, '--json'])
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ error: { code } })
  })

  it('2: options that are none, all told at once', async () => {
    const { exit, err } = await run([temporarySite(files), '--scripts', 'strickt', '--algorithm', 'md5'])
    expect(exit).toBe(2)
    expect(err).toContain("'strict'")
    expect(err).toContain('algorithm')
  })

  it('2: a directory without a page', async () => {
    const { exit, out } = await run([temporarySite({ 'a.txt': '' }), '--json'])
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'no-page' } })
  })

  it('3: a file that cannot be written, and none of the others is', async () => {
    const site = temporarySite({ ...files, 'zz/index.html': page('') })
    const tree = readTree(site)
    // A directory in the way of the temporary file: no user, not even the superuser, can write it.
    const blocked = join(site, 'zz', `.index.html.${process.pid}.csp-hashes`)
    execFileSync('mkdir', ['-p', join(blocked, 'x')])
    const { exit, out } = await run([site, '--json'])
    expect(exit).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'unwritable' } })
    execFileSync('rm', ['-r', blocked])
    expect(readTree(site)).toEqual(tree)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s: %i, and nothing is written', async (name, code) => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`p${n}.html`, page('<script>a()</script>')]),
    )
    const site = temporarySite(many)
    const tree = readTree(site)
    const { exit } = await run([site], { signal: AbortSignal.abort(name) })
    expect(exit).toBe(code)
    expect(readTree(site)).toEqual(tree)
  })
})

describe('what is printed', () => {
  it('is a diff that changes what the run would change, and nothing is written', async () => {
    const site = temporarySite(files)
    const tree = readTree(site)
    const { exit, out } = await run([site, '--dry-run'])
    expect(exit).toBe(0)
    expect(readTree(site)).toEqual(tree)
    const patch = join(temporarySite({}), 'change.patch')
    writeFileSync(patch, out)
    execFileSync('git', ['apply', '-p1', patch], {
      cwd: site,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(site, '..') },
    })
    expect((await run([site, '--json'])).out).toContain('"changed": []')
  })

  it('is JSON alone with --json, findings included', async () => {
    const { out, err } = await run([temporarySite(broken), '--json'])
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      written: false,
      findings: [{ code: 'file-missing' }],
    })
  })

  it('is nothing with --quiet where nothing is wrong', async () => {
    expect(await run([temporarySite(files), '--quiet'])).toEqual({ exit: 0, out: '', err: '' })
  })

  it('is a bar on a terminal alone', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`p${n}.html`, page('<script>a()</script>')]),
    )
    const drawn = await run([temporarySite(many)], { terminal: true })
    expect(drawn.err).toMatch(/\r[█░]{24} \d+%/)
    expect(drawn.err.lastIndexOf('\r\u001B[K')).toBeGreaterThan(drawn.err.lastIndexOf('░'))
    expect((await run([temporarySite(many)])).err).not.toContain('\r')
  })

  it('is help and version', async () => {
    expect((await run(['--help'])).out).toContain('csp-hashes verify')
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('options', () => {
  it('come from flags', async () => {
    const site = temporarySite(files)
    const flags = [
      '--scripts',
      'dynamic',
      '--algorithm',
      'sha512',
      '--directive',
      'img-src data:',
      '--no-fence',
    ]
    expect((await run([site, ...flags])).exit).toBe(0)
    expect(policyOf(site)).toMatch(/^script-src 'sha512-/)
    expect(policyOf(site)).toContain('img-src data:')
    expect(read(site, 'index.html').match(/http-equiv/g)).toHaveLength(1)
  })

  it.each([
    ['csp-hashes.config.json', '{ "algorithm": "sha256" }'],
    ['csp-hashes.config.mjs', "export default { algorithm: 'sha256' }"],
    ['csp-hashes.config.ts', "const algorithm: 'sha256' = 'sha256'\nexport default { algorithm }"],
    [
      'vite.config.ts',
      "import { cspHashes } from '../../../src/index.ts' // vite-plugin-csp-hashes\nexport default { plugins: [null, [Promise.resolve([cspHashes({ algorithm: 'sha256' })])]] }",
    ],
  ])('come from %s, and a flag overrules it', async (name, text) => {
    const cwd = temporarySite({ [name]: text, 'package.json': '{"type":"module"}' })
    const [one, two] = [temporarySite(files), temporarySite(files)]
    expect((await run([one], { cwd })).exit).toBe(0)
    expect(policyOf(one)).toMatch(/^script-src 'sha256-/)
    await run([two, '--algorithm', 'sha512'], { cwd })
    expect(policyOf(two)).toMatch(/^script-src 'sha512-/)
  })

  it('come from a file that cannot be loaded: exit 2, and it is named', async () => {
    const cwd = temporarySite({ 'csp-hashes.config.json': '{' })
    const { exit, err } = await run([temporarySite(files)], { cwd })
    expect(exit).toBe(2)
    expect(err).toContain('csp-hashes.config.json')
  })
})

describe('explain', () => {
  it('finds what a hash stands for, and who carries it', async () => {
    const site = temporarySite(files)
    await run([site, '--quiet'])
    const hashes = [...new Set(policyOf(site).match(/sha384-[^']+/g))]
    const explained = await Promise.all(
      hashes.map((hash) => run(['explain', hash.slice(0, 20), site, '--json'])),
    )
    expect(explained.map(({ exit }) => exit)).toEqual([0, 0])
    const all = explained.map(({ out }) => JSON.parse(out) as { resources: object[]; carriers: string[] })
    expect(all.map(({ carriers }) => carriers)).toEqual([['index.html'], ['index.html']])
    expect(all.flatMap(({ resources }) => resources)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'index.html', line: 10, begins: 'start()' }),
        expect.objectContaining({ file: 'index.html', line: 7, what: 'inline importmap script' }),
      ]),
    )
    expect((await run(['explain', 'sha384-AAAAAAAAAAAA', site])).exit).toBe(1)
  })

  it.each(['index.html', '/', 'index'])('tells the reason of each source of the page %s', async (subject) => {
    const site = temporarySite(files)
    const { exit, out } = await run(['explain', subject, site, '--json'])
    const { policies } = JSON.parse(out) as {
      policies: { directives: { sources: { reason: string }[] }[] }[]
    }
    expect(exit).toBe(0)
    expect(policies).toHaveLength(2)
    for (const { sources } of policies.flatMap(({ directives }) => directives))
      for (const { reason } of sources) expect(reason).not.toBe('')
  })

  it('does not take a page that is not there', async () => {
    expect((await run(['explain', 'gone.html', temporarySite(files)])).exit).toBe(2)
  })
})

describe('slips', () => {
  it.each([
    [['.', '--base', 'nosuch'], '--base: "nosuch" is not a base'],
    [['.', '--scripts', 'strickt'], '--scripts: "strickt" is not a choice. Did you mean \'strict\'?'],
    [['.', '--output', 'cloudfuse'], "It is one of 'meta', 'github-pages', 'netlify', 'cloudflare'"],
    [['.', '--directive', 'img-src self'], '--directive img-src: '],
    [['verify', '.', '--fence'], 'verify has no flag --fence'],
  ])('%j are named as they were typed', async (argv, text) => {
    const { exit, err } = await run(argv.map((one) => (one === '.' ? temporarySite(files) : one)))
    expect(exit).toBe(2)
    expect(err).toContain(text)
    expect(err).not.toContain("cloudflare'?")
  })

  it('are told in the words of the configuration where the value came from there', async () => {
    const cwd = temporarySite({ 'csp-hashes.config.json': '{ "scripts": "strickt" }' })
    const { err } = await run([temporarySite(files)], { cwd })
    expect(err).toContain('scripts: "strickt"')
    expect(err).not.toContain('--scripts')
  })

  it('are a page in place of the directory', async () => {
    const page = join(temporarySite(files), 'index.html')
    for (const argv of [['verify', page], [page]]) {
      const { exit, err } = await run(argv)
      expect(exit).toBe(2)
      expect(err).toContain(`is a file. Give the directory that holds the site, such as ${join(page, '..')}.`)
    }
  })

  it('are a base without its last slash', async () => {
    const site = temporarySite({ 'index.html': page('<script src="/sub/a.js"></script>'), 'a.js': '' })
    expect((await run([site, '--base', '/sub'])).exit).toBe(0)
  })

  it('are help as a word', async () => {
    expect((await run(['help'])).out).toBe((await run(['--help'])).out)
  })

  it('are pages that other options protected: nobody calls them unprotected', async () => {
    const site = temporarySite(files)
    await run([site, '--algorithm', 'sha512'])
    const { pages } = JSON.parse((await run(['report', site, '--json'])).out) as {
      pages: { state: string }[]
    }
    expect(pages.map(({ state }) => state)).toEqual(['differs'])
    expect((await run(['explain', 'index.html', site])).out).toContain('which other options protected')
    const bare = (await run(['report', temporarySite(files), '--json'])).out
    expect(JSON.parse(bare)).toMatchObject({ pages: [{ state: 'open' }] })
  })
})

describe('a file that is not the user’s to change', () => {
  it('is never one outside the site', async () => {
    const outside = temporarySite({ 'index.html': page('') })
    const site = temporarySite(files)
    symlinkSync(outside, join(site, 'linked'))
    expect((await run([site])).exit).toBe(1)
    expect(existsSync(join(site, 'linked/index.html'))).toBe(true)
    expect(read(outside, 'index.html')).toBe(page(''))
  })
})
