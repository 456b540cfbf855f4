import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { markdownTable, publish } from './docs.ts'
import { measured, spreadOf } from './measure.ts'
import { CACHE, PACKAGE } from './places.ts'

const CLI = join(PACKAGE, 'dist/cli.js')

type Site = ReadonlyMap<string, string>

interface Case {
  readonly title: string
  readonly count: number
  readonly flags?: readonly string[]
  readonly site: (count: number) => Site
}

const numbered = <Item>(count: number, make: (number: number) => Item): Item[] =>
  Array.from({ length: count }, (_, number) => make(number))

const page = (body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>a</title></head><body>${body}</body></html>`
const ENTRY = '<script type="module" src="/assets/main.js"></script>'

const CASES: readonly Case[] = [
  {
    title: 'pages',
    count: 2000,
    site: (count) =>
      new Map([
        ['assets/main.js', 'export default 1'],
        ...numbered(count, (i) => [`${i}.html`, page(`<p>${i}</p>${ENTRY}`)] as const),
      ]),
  },
  {
    title: 'chunks',
    count: 1000,
    site: (count) =>
      new Map([
        ['index.html', page(ENTRY)],
        ['assets/main.js', numbered(count, (i) => `import('./c${i}.js')`).join('\n')],
        ...numbered(count, (i) => [`assets/c${i}.js`, `export default ${i}`] as const),
      ]),
  },
  {
    title: 'imports of missing files',
    count: 4000,
    site: (count) =>
      new Map([
        ['index.html', page(ENTRY)],
        ['assets/main.js', numbered(count, (i) => `import('./gone-${i}.js')`).join('\n')],
      ]),
  },
  {
    title: 'URLs of other origins, under tight',
    count: 4000,
    flags: ['--preset', 'tight'],
    site: (count) =>
      new Map([
        ['index.html', page(numbered(count, (i) => `<img src="https://h${i}.example/a.png">`).join(''))],
      ]),
  },
  {
    title: 'names of an import map',
    count: 4000,
    site: (count) => {
      const imports = Object.fromEntries(numbered(count, (i) => [`a${i}/`, `/assets/${i}/`]))
      const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`
      return new Map([
        ['index.html', page(map + ENTRY)],
        ['assets/main.js', numbered(count, (i) => `import('a${i}/x.js')`).join('\n')],
      ])
    },
  },
  {
    title: 'handlers, one a line',
    count: 4000,
    site: (count) =>
      new Map([['index.html', page(numbered(count, (i) => `<p onclick="a(${i})">`).join('\n'))]]),
  },
  {
    title: 'inline scripts',
    count: 4000,
    site: (count) =>
      new Map([['index.html', page(numbered(count, (i) => `<script>a=${i}</script>`).join(''))]]),
  },
  {
    title: 'rules of a host file',
    count: 4000,
    flags: ['--output', 'netlify'],
    site: (count) =>
      new Map([
        ['index.html', page('<script>a=1</script>')],
        ['_headers', numbered(count, (i) => `/p${i}/*\n  X-Number: ${i}`).join('\n')],
      ]),
  },
]

function write(folder: string, site: Site): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of site) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** The command over a site, one of twice the size, and one of four times: the last step should cost twice the one before. */
export async function doublingSection(wanted: number | undefined): Promise<void> {
  const rows: string[][] = []
  for (const { title, count, flags = [], site } of CASES) {
    const sizes = [count, count * 2, count * 4]
    const times: number[] = []
    for (const size of sizes) {
      const costs: number[] = []
      for (let round = 0; round < (wanted ?? 3); round++) {
        const folder = join(CACHE, 'sites/doubling')
        write(folder, site(size))
        const { cpu } = await measured([CLI, folder, '--quiet', '--base', '/', ...flags], CACHE)
        costs.push(cpu)
        rmSync(folder, { recursive: true, force: true })
      }
      times.push(spreadOf(costs).median)
    }
    const [once = 0, twice = 0, four = 0] = times
    // What a process costs before its first page drops out of the difference.
    const factor = (four - twice) / (twice - once)
    rows.push([
      `${count.toLocaleString('en-US')} ${title}`,
      ...times.map((time) => time.toFixed(0)),
      factor.toFixed(2),
    ])
    console.log(rows.at(-1)?.join('  '))
  }
  publish(
    'doubling',
    markdownTable(['processor ms of', 'once', 'twice', 'four times', '(4× − 2×) : (2× − 1×)'], rows),
  )
}
