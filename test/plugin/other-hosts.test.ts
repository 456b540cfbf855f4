import { build } from 'vite'
import { afterEach, expect, it, vi } from 'vitest'
import { cspHashes, type Options } from '../../src/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'

/** Only one host's variable is set, whatever sets them on the machine that runs the tests. */
function runsOn(variable: string | undefined): void {
  for (const name of ['VERCEL', 'NETLIFY', 'CF_PAGES', 'AWS_APP_ID', 'GITHUB_PAGES'])
    vi.stubEnv(name, undefined)
  if (variable !== undefined) vi.stubEnv(variable, '1')
}
afterEach(() => vi.unstubAllEnvs())

async function told(
  options: Options,
  base = '/',
): Promise<{ codes: string[]; text: string; files: string[] }> {
  const root = temporaryDirectory('other-hosts')
  writeTree(root, {
    'index.html': '<!doctype html><head><script type="module" src="/main.js"></script></head>',
    'main.js': 'document.title = "ran"',
    'vercel.json': '{}',
  })
  const { logger, lines } = collectingLogger()
  await build({
    root,
    base,
    configFile: false,
    customLogger: logger,
    plugins: [cspHashes(options)],
  })
  const text = lines.join('\n')
  const codes = [...text.matchAll(/\[(host-[a-z-]+|no-page)\]/g)].map(([, code]) => code!)
  return { codes, text, files: Object.keys(readTree(root)) }
}

it.each([
  ['VERCEL', 'netlify', 'vercel'],
  ['NETLIFY', 'vercel', 'netlify'],
  ['CF_PAGES', 'vercel', 'cloudflare'],
] as const)(
  'where %s is set, the file of %s is told not to be read, and that of %s is',
  async (variable, wrong, right) => {
    runsOn(variable)
    const first = await told({ output: wrong })
    expect(first.codes).toEqual(['host-other'])
    expect(first.text).toContain(`output: '${right}'`)
    expect((await told({ output: right })).codes).toEqual([])
    // The policy in the pages governs anywhere.
    expect((await told({ output: ['meta', wrong] })).codes).not.toContain('host-other')
  },
)

it('says nothing where no host is known', async () => {
  runsOn(undefined)
  expect((await told({ output: 'netlify' })).codes).toEqual([])
})
