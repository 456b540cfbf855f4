import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../index.ts'
import { generate } from './generate.ts'
import { publicTests } from './html5lib.ts'
import { type Candidate, differencesOf } from './judge.ts'
import { randomOf } from './random.ts'

const SEED = Number(process.env['SEED'] ?? 1)

/** Documents of each kind; a long run takes thousands: `DOCUMENTS=10000 npx vitest run test/browsers/documents`. */
const COUNT = Number(process.env['DOCUMENTS'] ?? 200)

let browsers: Browser[]

beforeAll(async () => {
  // WebKit's driver tells nothing of what frames refuse.
  const judges = engines.filter((engine) => engine !== 'webkit')
  browsers = await Promise.all(judges.map((engine) => launch(engine)))
})
afterAll(() => Promise.all(browsers.map((browser) => browser.close())))

const generated = (): Candidate[] =>
  Array.from({ length: COUNT }, (_, index) => ({
    title: `seed ${SEED + index}`,
    html: generate(SEED + index),
  }))

/** As many of the public tests as are asked for, spread over all of them. */
function sampled(): Candidate[] {
  const random = randomOf(SEED)
  const all = publicTests(random)
  return all.filter(() => random() < COUNT / all.length)
}

describe(`the scan and the browsers (SEED=${SEED})`, () => {
  it.each([
    ['generated documents', generated],
    ['the public tests of HTML parsers', sampled],
  ])(
    'agree about the scripts of %s, and nothing of the page is refused',
    async (_, make) => {
      const { differences, scripts, refused } = await differencesOf(browsers, make())
      expect(differences).toEqual([])
      expect(scripts).toBeGreaterThan(COUNT / 4)
      expect(refused).toBeLessThan(COUNT / 20)
    },
    7_200_000,
  )
})
