import { it } from 'vitest'
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory, readTree } from '../support/files.ts'
import { verifySite } from '../../src/verify/index.ts'
import { TOOLCHAINS } from './majors.ts'
import { FIXTURES } from './fixtures.ts'
import { buildFixture } from './build.ts'
const only = process.env.ONLY
const majors = (process.env.MAJORS ?? '6,7,8').split(',').map(Number)
const shapes = (process.env.SHAPES ?? 'strict,dynamic').split(',')
it('tries', async () => {
  for (const toolchain of TOOLCHAINS)
    for (const fixture of FIXTURES)
      for (const scripts of shapes) {
        if (!majors.includes(toolchain.major)) continue
        if (only && !new RegExp(only).test(fixture.name)) continue
        if (fixture.majors && !fixture.majors.includes(toolchain.major)) continue
        const root = makeDirectory('try')
        const t = Date.now()
        const label = `${toolchain.major} ${scripts} ${fixture.name}`
        try {
          const {
            dist,
            base,
            told: warnings,
          } = await buildFixture({
            toolchain,
            fixture,
            root,
            cdn: 'https://cdn.example/x/',
            options: { scripts: scripts as 'strict' },
          })
          const ms = Date.now() - t
          const files = readTree(dist)
          const { refusals, pages } = verifySite({
            base,
            pages: () => Object.keys(files).filter((f) => f.endsWith('.html')),
            read: (p) => files[p],
            foreign: (url) => (url.startsWith('https://cdn.example/x/') ? files[url.slice(23)] : undefined),
          })
          console.log(`${label}: ${ms} ms, ${Date.now() - t - ms} ms`, root, warnings.join('|').slice(0, 600))
          for (const r of refusals)
            console.log('   ', r.severity, r.code, r.page, r.engines.join(','), r.message.slice(0, 300))
          for (const p of pages)
            for (const m of p.modules)
              if (m.pin === 'none' || (m.pin as unknown) === undefined)
                console.log('    unpinned module', m.file)
        } catch (error) {
          console.log(`${label}: FAILED`, root, String((error as Error).stack).slice(0, 1200))
        }
      }
}, 600000)
