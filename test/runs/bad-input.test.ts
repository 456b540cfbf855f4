import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileCommand } from '../support/command.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { page, read, temporarySite } from '../directory/temporary-site.ts'

const build = makeDirectory('command')
let command: string
beforeAll(() => {
  command = compileCommand(build)
})
afterAll(() => rmSync(build, { recursive: true }))

const SITE = {
  'index.html': page(
    '<title>x</title><script type="module" src="/assets/app-1a2b3c4d.js"></script>',
    '<script>x()</script>',
  ),
  'deep/er/index.html': page('<title>y</title>', '<script>y()</script>'),
  'assets/app-1a2b3c4d.js': 'export{}',
}

interface Case {
  readonly name: string
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly before?: (site: string) => void
  readonly args?: (site: string) => readonly string[]
  /** The most that the process may write into one file, in blocks of 1,024 bytes. */
  readonly mostBlocks?: number
  readonly exit: number
  readonly says: RegExp
}

const ESCAPE = String.fromCodePoint(27)
const large = page('<title>z</title>', `<p>${'z'.repeat(20_000)}</p><script>z()</script>`)

const CASES: readonly Case[] = [
  { name: 'no such directory', args: (site) => [join(site, 'gone')], exit: 2, says: /no directory \S+gone/ },
  {
    name: 'a file in its place',
    args: (site) => [join(site, 'index.html')],
    exit: 2,
    says: /index\.html is a file\. Give the directory/,
  },
  {
    name: 'no page in it',
    args: (site) => [join(site, 'assets')],
    exit: 2,
    says: /no HTML file in \S+assets/,
  },
  {
    name: 'a page that is not UTF-8',
    files: { 'b.html': Buffer.from('<p>caf\xE9', 'latin1') },
    exit: 1,
    says: /b\.html:1:1 .*\[page-encoding\]/,
  },
  {
    name: 'a page that another tool has protected',
    files: { 'b.html': page(`<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`) },
    exit: 1,
    says: /b\.html:5:1 .*\[policy-present\]/,
  },
  {
    name: 'a link that leads out',
    before: (site) => symlinkSync('/etc/hostname', join(site, 'out.js')),
    exit: 1,
    says: /out\.js leads out .*\[link-outside\]/,
  },
  {
    name: 'a page that cannot be written whole, among others',
    files: { 'm.html': large },
    mostBlocks: 8,
    exit: 3,
    says: /^m\.html cannot be written: .*Nothing was changed/,
  },
  {
    name: 'a directory in the place of a file of the host',
    before: (site) => mkdirSync(join(site, '_headers')),
    args: (site) => [site, '--output', 'netlify'],
    exit: 3,
    says: /^_headers cannot be read: it is a directory/,
  },
  {
    name: 'a file in the place of the copy',
    args: (site) => [site, '--out', join(import.meta.filename, 'copy')],
    exit: 3,
    says: /cannot be written: a part of its path is a file/,
  },
  {
    name: 'a pin that an older build has left',
    before(site) {
      spawnSync(process.execPath, [command, site])
      writeFileSync(join(site, 'assets/app-1a2b3c4d.js'), 'export{};1')
    },
    exit: 1,
    says: /\[integrity-mismatch\]/,
  },
]

describe('with bad input the command says what is wrong, and leaves every byte as it was', () => {
  it.each(CASES)('$name', ({ files, before, args, mostBlocks, exit, says }) => {
    const site = temporarySite({ ...SITE, ...files })
    before?.(site)
    const tree = readTree(site)
    const argv = [process.execPath, command, ...(args?.(site) ?? [site])]
    // A process that ignores the signal is told of the limit by the call that exceeds it, as of a full disk.
    const run =
      mostBlocks === undefined
        ? spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8' })
        : spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f ${mostBlocks}; exec "$@"`, 'bash', ...argv], {
            encoding: 'utf8',
          })
    expect(run.stderr).toMatch(says)
    expect(run.status).toBe(exit)
    expect(readTree(site)).toEqual(tree)
  })
})

describe('what is only odd is told, and the rest is done', () => {
  it.each<[string, Partial<typeof SITE>, (site: string) => void, RegExp]>([
    [
      'a broken link',
      {},
      (site) => symlinkSync('gone.html', join(site, 'b.html')),
      /b\.html leads nowhere.*\[link-broken\]/,
    ],
    [
      'a link that leads back',
      {},
      (site) => symlinkSync('..', join(site, 'deep/up')),
      /deep\/up leads back.*\[link-loop\]/,
    ],
    [
      'links that lead to one another',
      {},
      (site) => {
        symlinkSync('d.html', join(site, 'c.html'))
        symlinkSync('c.html', join(site, 'd.html'))
      },
      /c\.html leads back[^]*d\.html leads back/,
    ],
    [
      'a script that does not parse',
      { 'assets/app-1a2b3c4d.js': 'import "./no-script' },
      () => {},
      /app-1a2b3c4d\.js:1:\d+ .*\[script-unparsable\]/,
    ],
  ])('%s', (_, files, before, says) => {
    const site = temporarySite({ ...SITE, ...files })
    before(site)
    const { status, stderr } = spawnSync(process.execPath, [command, site], { encoding: 'utf8' })
    expect(stderr).toMatch(says)
    expect(status).toBe(0)
    const pages = ['index.html', 'deep/er/index.html']
    const done = pages.map((path) => read(site, path))
    for (const html of done) expect(html).toContain('Content-Security-Policy')
    // A directory that is protected already comes out the same.
    const again = spawnSync(process.execPath, [command, site], { encoding: 'utf8' })
    expect(again.stdout).toContain('Nothing changed')
    expect(pages.map((path) => read(site, path))).toEqual(done)
  })
})

describe('a run of the real command', () => {
  const many = Object.fromEntries(
    Array.from({ length: 1500 }, (_, n) => [`p${n}.html`, SITE['deep/er/index.html']]),
  )

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that is stopped by %s while it writes leaves every byte as it was', async (signal, exit) => {
    const site = temporarySite(many)
    const before = readTree(site)
    const child = spawn(process.execPath, [command, site], { stdio: ['ignore', 'ignore', 'pipe'] })
    // One signal alone: a second one ends the process at once.
    const watcher = watch(site, (_, name) => {
      if (name?.endsWith('.csp-hashes') && !child.killed) child.kill(signal)
    })
    let told = ''
    child.stderr.on('data', (data) => void (told += String(data)))
    const code = await new Promise((done) => child.on('close', done))
    watcher.close()
    expect([code, told]).toEqual([exit, expect.stringContaining('Nothing was changed.')])
    expect(readTree(site)).toEqual(before)
  })

  it('shows a bar on a terminal, and clears it; in a pipe it shows none', () => {
    const line = `${process.execPath} ${command} ${temporarySite(many)}`
    const terminal = spawnSync('script', ['-qec', line, '/dev/null'], { encoding: 'utf8' })
    expect(terminal.status).toBe(0)
    expect(terminal.stdout).toMatch(/\r[█░]{24} \d+%[^]*1500 files written/)
    expect(terminal.stdout).toContain(`\r${ESCAPE}[K`)
    const piped = spawnSync(process.execPath, [command, temporarySite(many)], { encoding: 'utf8' })
    expect(piped.status).toBe(0)
    expect(piped.stdout + piped.stderr).not.toMatch(/[█░\r]/)
    expect(piped.stdout + piped.stderr).not.toContain(ESCAPE)
  })
})

it('a reader that closes the pipe early is no error', () => {
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$1" --help | true', process.execPath, command], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
