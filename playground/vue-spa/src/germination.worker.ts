import type { Bed } from './garden.ts'

/** The same numbers for the same seed, so that a garden does not change its mind at every visit. */
function* randomNumbers(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

/** In how many of 20,000 springs at least four in five seeds come up. */
function goodSprings(beds: Bed[]): number {
  const seeds = beds.reduce((sum, { plants }) => sum + plants, 0)
  const random = randomNumbers(seeds)
  let good = 0
  for (let spring = 0; spring < 20_000; spring++) {
    let sprouted = 0
    for (let seed = 0; seed < seeds; seed++) if (random.next().value < 0.85) sprouted++
    if (sprouted >= seeds * 0.8) good++
  }
  return good
}

self.addEventListener('message', ({ data }: MessageEvent<Bed[]>) => {
  self.postMessage(`${((goodSprings(data) / 20_000) * 100).toFixed(0)} %`)
})
