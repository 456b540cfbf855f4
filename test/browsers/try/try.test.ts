import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secureDirectory, type DirectoryOptions } from '../../../src/directory.ts'
import { temporarySite } from '../../directory/temporary-site.ts'
import { resolveOptions } from '../../../src/options.ts'
import { trySite, type TryResult, type TrySettings } from '../../../src/try/run.ts'
import { walkSite } from '../../../src/files/walk.ts'
import { run } from '../../cli/run-main.ts'
import { engines } from '../index.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { serve, type Served } from '../serve.ts'

/** Trials drive Chromium and Firefox: no library drives WebKit as it is installed. */
const BROWSERS = engines.filter((engine) => engine !== 'webkit')

const page = (head: string, body = ''): string =>
  `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>t</title>\n${head}\n</head>\n<body>\n${body}\n</body>\n</html>\n`

let foreign: Served
const widgets = makeDirectory('widgets')
beforeAll(async () => {
  writeTree(widgets, { 'widget.js': 'window.widget = 1', 'a.png': '' })
  foreign = await serve({ dir: widgets, cors: true })
})
afterAll(async () => {
  await foreign.close()
  rmSync(widgets, { recursive: true })
})

async function attempt(dir: string, browser: string, given: Partial<TrySettings> = {}): Promise<TryResult> {
  return trySite({
    subject: dir,
    mount: '/',
    project: dir,
    listed: walkSite(dir).pages,
    pages: 20,
    browser,
    importAll: false,
    script: undefined,
    without: false,
    findings: resolveOptions({}).findings,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...given,
  })
}

/** Everything that a static check cannot see: made at run time, by names that are put together. */
function moving(origin: string): Record<string, string> {
  return {
    'index.html': page(
      '<script type="module" src="/assets/app.js"></script>',
      '<p>text</p><a href="/second.html">second</a>',
    ),
    'second.html': page('', '<button onclick="save()">save</button>'),
    'assets/app.js': [
      'const load = (url, tag, name) => { const e = document.createElement(tag); e[name] = url; document.head.append(e) }',
      `const there = ${JSON.stringify(origin)}`,
      'load(there + "/widget" + ".js", "script", "src")',
      'load("/stats/count" + ".js", "script", "src")',
      'try { globalThis["ev" + "al"]("1") } catch {}',
      'document.body.insertAdjacentHTML("beforeend", "<b on" + "click=go()>b</b>")',
      `document.body.insertAdjacentHTML("beforeend", "<im" + 'g src="${origin}/a.png">')`,
    ].join('\n'),
    'stats/count.js': 'window.counted = 1',
  }
}

const IMAGES = ["'self'", 'data:']
const OPTIONS: DirectoryOptions = { directives: { 'img-src': IMAGES } }

const told = ({ findings }: TryResult): string[] =>
  findings.map(({ code, location }) => `${code} ${location?.file}:${location?.line}`).toSorted()

describe.each(BROWSERS)('csp-hashes try in %s', (browser) => {
  it('tells each thing once with its place, and the options that it prints make it silent', async () => {
    const files = moving(foreign.origin)
    const dir = temporarySite(files)
    await secureDirectory(dir, { ...OPTIONS, findings: { 'eval-used': 'off' } })
    const before = await attempt(dir, browser)
    expect(told(before)).toEqual([
      'eval-used assets/app.js:5',
      'foreign-script-url assets/app.js:1',
      'inline-handler second.html:10',
      'inline-made assets/app.js:6',
      'need-blocked assets/app.js:7',
      'own-script-blocked assets/app.js:1',
    ])
    expect(before.pages.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/second.html'])
    expect(before.ok).toBe(false)

    const { remedy } = before
    const again = temporarySite(files)
    await secureDirectory(again, {
      ...OPTIONS,
      ...remedy,
      directives: { ...remedy.directives, 'img-src': [...IMAGES, ...(remedy.directives?.['img-src'] ?? [])] },
      findings: { evaluator: 'off', 'source-weak': 'off' },
    } as DirectoryOptions)
    const after = await attempt(again, browser)
    expect(told(after)).toEqual([])
    expect(after).toMatchObject({ ok: true, remedy: {} })
  })

  it('sends the headers of the host, and finds nothing where nothing is refused', async () => {
    const dir = temporarySite({
      'index.html': page(
        '<script>document.documentElement.dataset.theme = "dark"</script><script type="module" src="/assets/app.js"></script>',
      ),
      'assets/app.js': 'import("./lazy.js")',
      'assets/lazy.js': 'document.body.append("lazy")',
    })
    await secureDirectory(dir, { output: 'netlify' })
    expect(await attempt(dir, browser)).toMatchObject({
      ok: true,
      findings: [],
      hostFile: '_headers',
      errors: [],
    })
  })
})

// What does not depend on the engine is tried in one of them: each browser takes seconds to start.
describe.each(BROWSERS.slice(0, 1))('a trial, whichever the browser (%s)', (browser) => {
  it('does not pass a site that came without a policy', async () => {
    const dir = temporarySite({ 'index.html': page('') })
    const { exit, out } = await run(['try', dir, '--browser', browser, '--json'])
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ ok: false, findings: [], pages: [{ protected: false }] })
  })

  it('says what a page does without the policy alone, and runs what the user gives it', async () => {
    const dir = temporarySite({
      'index.html': page(
        '<script type="module" src="/assets/app.js"></script>',
        `<p>x</p><button>load</button>`,
      ),
      'assets/app.js':
        'document.querySelector("button").addEventListener("click", () => { try { globalThis["ev" + "al"]("document.querySelector(`p`).textContent = `ran`") } catch (error) { console.error("no eval") } })',
    })
    await secureDirectory(dir)
    const quiet = await attempt(dir, browser, { without: true })
    expect(quiet).toMatchObject({ ok: true, differences: [] })
    const script = async (one: unknown): Promise<void> =>
      (one as { click(selector: string): Promise<void> }).click('button')
    const { differences, ...rest } = await attempt(dir, browser, { without: true, script })
    expect(told(rest as TryResult)).toEqual(['eval-used assets/app.js:1'])
    expect(differences).toEqual([
      expect.stringContaining('no eval'),
      expect.stringMatching(/text is another one: "x" with the policy, "ran" without/),
    ])
  })

  it('imports what is loaded lazily, on request', async () => {
    const dir = temporarySite({
      'index.html': page('<script type="module" src="/assets/app.js"></script>'),
      'assets/app.js': 'window.later = () => import("./lazy.js")',
      'assets/lazy.js': 'try { globalThis["ev" + "al"]("1") } catch {}',
    })
    await secureDirectory(dir)
    expect(told(await attempt(dir, browser))).toEqual([])
    expect(told(await attempt(dir, browser, { importAll: true }))).toEqual(['eval-used assets/lazy.js:1'])
  })

  it('points into the source that a hidden source map names', async () => {
    const map = {
      version: 3,
      sources: ['../../src/main.ts'],
      sourcesContent: ['\n\n  call("1")\n'],
      names: [],
      mappings: 'AAEE',
    }
    const dir = temporarySite({
      'index.html': page('<script type="module" src="/assets/app.js"></script>'),
      'assets/app.js': 'try { globalThis["ev" + "al"]("1") } catch {}',
      'assets/app.js.map': JSON.stringify(map),
    })
    await secureDirectory(dir)
    expect(told(await attempt(dir, browser))).toEqual(['eval-used src/main.ts:3'])
  })
})
