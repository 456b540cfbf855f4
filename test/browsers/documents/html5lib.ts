import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { downloadSites, unpackFolder } from '../../sites/packages.ts'
import { makeDirectory } from '../../support/files.ts'
import type { Candidate } from './judge.ts'
import type { Random } from './random.ts'

/** A package that ships the public tests of HTML parsers (html5lib-tests). */
const TESTS = {
  package: 'html5',
  version: '1.0.5',
  integrity:
    'sha512-y6Gw2p79P6GViK+J5RxR/b3EsCMoHMktPZ20qOeaAjWabbbN6MOZKXA4FOee+GX+dzz6RMCDjmn6IR7llvYExg==',
}

/** Documents of the tree construction tests, by file and number; those of fragments are left out. */
function documentsOf(file: string, name: string): Candidate[] {
  const tests = readFileSync(file, 'latin1')
    .split(/^#data\n/m)
    .slice(1)
  return tests.flatMap((test, index) => {
    const [data = '', rest = ''] = test.split(/\n#errors\n/)
    if (/^#document-fragment/m.test(rest)) return []
    return [{ title: `${name} ${index + 1}`, html: Buffer.from(data, 'latin1').toString('utf8') }]
  })
}

/**
 * The public tests, each with a script at its end and one at a place inside it: most of them have none, and where a
 * script lands is what matters here.
 */
export function publicTests(random: Random): Candidate[] {
  downloadSites([TESTS])
  const folder = makeDirectory('html5lib')
  unpackFolder(TESTS, 'test/data/tree-construction', folder)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.dat'))
    .toSorted()
    .flatMap((name) => documentsOf(join(folder, name), name))
    .map(({ title, html }) => {
      const tags = [...html.matchAll(/>/g)].map(({ index }) => index + 1)
      const at = tags[Math.floor(random() * tags.length)] ?? 0
      const script = '<script>void 0</script>'
      return { title, html: html.slice(0, at) + script + html.slice(at) + script }
    })
}
