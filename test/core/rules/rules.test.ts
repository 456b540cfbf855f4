import { describe, expect, it } from 'vitest'
import { FINDINGS, type Finding } from '../../../src/core/findings/index.ts'
import { resolveOptions } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { type Message, messagesText } from '../../../src/summary.ts'
import { memorySite } from '../../support/memory-site.ts'
import { type Case, page, RULE_FIXTURES } from './fixtures.ts'

function findings({ files, options, graph, site }: Case): readonly Finding[] {
  return secureSite({ ...memorySite(files, '/', graph), ...site }, resolveOptions(options)).findings
}

const formatFinding = (found: Message): string => messagesText([found], { door: 'plugin', verbose: false })

const codes = (one: Case): string[] => findings(one).map(({ code }) => code)

describe.each(RULE_FIXTURES)('$code: $name', ({ code, fails, passes }) => {
  it('speaks, and keeps silent about the next best', () => {
    expect(codes(fails)).toContain(code)
    expect(codes(passes)).not.toContain(code)
  })

  it('says once what two pages share', () => {
    const [[, html] = []] = Object.entries(fails.files).filter(([name]) => name === 'index.html')
    const twice = { ...fails, files: { ...fails.files, 'second.html': html ?? '' } }
    const texts = findings(twice)
      .filter((one) => one.code === code)
      .map(formatFinding)
    expect(texts).not.toEqual([])
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('obeys the level that the user gives it', () => {
    const level = FINDINGS[code].severity === 'error' ? 'warn' : 'error'
    const set = {
      ...fails,
      options: { ...fails.options, findings: { ...fails.options?.findings, [code]: level } },
    }
    expect(findings(set).find((one) => one.code === code)?.severity).toBe(level)
    const off = { ...fails, options: { ...fails.options, findings: { [code]: 'off' as const } } }
    expect(codes(off)).not.toContain(code)
  })
})

describe('styles that a library makes', () => {
  it('are told once, at the library and not at the framework that makes elements for it', () => {
    const code = 'd.createElement("style")'
    const scripts = ['assets/a-B4d0Xy12.js', 'assets/b-B4d0Xy12.js']
    const tags = scripts.map((path) => `<script type="module" src="/${path}"></script>`).join('')
    const modules = [
      { id: '/app/node_modules/react-dom/client.js', code: `${code};e.getAttribute("style")` },
      { id: '/app/node_modules/@mui/material/styles.js', code: 'e.getAttribute("style")' },
      { id: '/app/node_modules/@emotion/sheet/sheet.js', code },
      { id: '/app/node_modules/@emotion/sheet/other.js', code },
      { id: '/app/src/theme.js', code: 'import "./theme.css"' },
    ]
    const found = findings({
      files: { 'index.html': page(tags), [scripts[0]!]: code, [scripts[1]!]: code },
      options: { preset: 'basic', findings: { 'name-without-hash': 'off' } },
      site: { modules: () => modules },
    })
    expect(found.map(({ message }) => message)).toEqual([
      '@emotion/sheet/sheet.js makes <style> elements at run time, which browsers refuse unless their text is known.',
    ])
  })
})

it.each(['tight', 'basic'] as const)('a service under %s is told once, with all that it needs', (preset) => {
  const code = 'const s=d.createElement("script");s.src="https://js.stripe.com/v3";d.head.append(s)'
  const script = 'assets/a-B4d0Xy12.js'
  const files = { 'index.html': page(`<script type="module" src="/${script}"></script>`), [script]: code }
  const first = findings({ files, options: { preset } })
  expect(first.map(({ code: told }) => told)).toEqual(['script-made'])
  expect(first[0]?.hint).toContain("'connect-src': [")
  const options = { preset, ...first[0]?.options?.[0] }
  expect(findings({ files, options })).toEqual([])
  const without = { ...options, directives: {} }
  expect(codes({ files, options: without })).toEqual(['service-blocked'])
})

describe('what a finding shows', () => {
  it('has file, line, column, a frame with a caret, the way out and where to read more', () => {
    const files = { 'index.html': page('<button\n  class="big"\n  onclick="save()">Save</button>') }
    const [found] = findings({ files })
    expect(found && formatFinding(found)).toBe(
      [
        'index.html:10:3 The onclick attribute of <button> is an inline script, which browsers refuse to run. [inline-handler]',
        '   8 | <button',
        '   9 |   class="big"',
        '> 10 |   onclick="save()">Save</button>',
        '     |   ^',
        '  11 | </body>',
        '  12 | </html>',
        "  Move it into a script, with addEventListener('click', …), or allow just such attributes by their hashes with unsafeHashes: true.",
        '  npx csp-hashes explain inline-handler',
      ].join('\n'),
    )
  })

  it("points into the user's own HTML, where the same tag stands there once", () => {
    const files = { 'index.html': page('<button onclick="save()">Save</button>') }
    const own = `<!-- mine -->\n${page('<p>more</p>\n<button onclick="save()">Save</button>')}`
    const [found] = findings({ files, site: { source: () => ({ file: 'src/index.html', text: own }) } })
    expect(found?.location).toMatchObject({ file: 'src/index.html', line: 10, column: 9 })
  })

  it('stays with the emitted page, where the tag stands in the source twice', () => {
    const files = { 'index.html': page('<button onclick="save()">Save</button>') }
    const own = '<button onclick="save()">\n<button onclick="save()">'
    const [found] = findings({ files, site: { source: () => ({ file: 'src/index.html', text: own }) } })
    expect(found?.location).toMatchObject({ file: 'index.html', line: 8 })
  })

  it('names the module that a chunk has its eval from, and the line in it', () => {
    const files = {
      'index.html': page('<script type="module" src="/assets/index-B4d0Xy12.js"></script>'),
      'assets/index-B4d0Xy12.js': 'var a=1;eval(b)',
    }
    const site = {
      modules: () => [
        { id: '/app/src/a.js', code: 'var a = 1' },
        { id: '/app/src/deep/b.js?x', code: 'eval(b)' },
      ],
      source: (path: string) =>
        path.startsWith('/app/src/deep/b.js')
          ? { file: 'src/deep/b.js', text: '// first\neval(b)\n' }
          : undefined,
    }
    const [found] = findings({ files, site })
    expect(found?.code).toBe('eval-used')
    expect(found?.message).toContain('src/deep/b.js')
    expect(found?.location).toMatchObject({ file: 'src/deep/b.js', line: 2, column: 1 })
  })

  it('prefers a module of the user to an installed one', () => {
    const files = {
      'index.html': page('<script type="module" src="/assets/index-B4d0Xy12.js"></script>'),
      'assets/index-B4d0Xy12.js': 'eval(a);eval(b)',
    }
    const site = {
      modules: () => [
        { id: '/app/node_modules/lib/index.js', code: 'eval(a)' },
        { id: '/app/src/b.js', code: 'eval(b)' },
      ],
      source: (path: string) => ({
        file: path.replace('/app/', ''),
        text: path.includes('src') ? ' eval(b)' : 'eval(a)',
      }),
    }
    expect(findings({ files, site })[0]?.location).toMatchObject({ file: 'src/b.js', line: 1, column: 2 })
  })

  it('counts characters, not bytes, in a chunk without modules', () => {
    const files = {
      'index.html': page('<script type="module" src="/assets/index-B4d0Xy12.js"></script>'),
      'assets/index-B4d0Xy12.js': 'const å="ünïcode";\nconst é=1;eval(é)',
    }
    expect(findings({ files })[0]?.location).toMatchObject({ line: 2, column: 11 })
  })
})

describe('an ordinary app', () => {
  it('hears nothing under the default preset', () => {
    const files = {
      'index.html': page(
        '<div id="root" style="color:red"></div><form><input name="q"></form><img src="data:image/png;base64,AA">',
        '<style>p{}</style><script>document.documentElement.dataset.theme="dark"</script>' +
          '<script type="module" crossorigin src="/assets/index-B4d0Xy12.js"></script>' +
          '<link rel="stylesheet" crossorigin href="/assets/index-C9C0AXsO.css">',
      ),
      'assets/index-B4d0Xy12.js':
        'const u="http://www.w3.org/2000/svg";fetch(new URL("/api",location));new Worker(new URL("/assets/worker-Cnz2nGus.js",import.meta.url));document.createElement("style");e.innerHTML="<b>";throw Error("https://react.dev/errors/1")',
      'assets/index-C9C0AXsO.css': '@font-face{src:url(data:font/woff2;base64,AA)}',
      'assets/worker-Cnz2nGus.js': 'onmessage=()=>postMessage(1)',
    }
    expect(findings({ files })).toEqual([])
  })
})
