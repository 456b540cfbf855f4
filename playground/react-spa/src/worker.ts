import type { Harbour } from './harbour.ts'

export interface HighWater {
  /** Hours after midnight. */
  hour: number
  metres: number
}

/** The day's highest water, by looking at every second of it: work enough to want a thread of its own. */
function highestWater({ constituents, mean }: Harbour): HighWater {
  let best: HighWater = { hour: 0, metres: -Infinity }
  for (let second = 0; second < 86_400; second++) {
    const hour = second / 3600
    let metres = mean
    for (const { amplitude, period, phase } of constituents) {
      metres += amplitude * Math.cos((2 * Math.PI * hour) / period - phase)
    }
    if (metres > best.metres) best = { hour, metres }
  }
  return best
}

self.addEventListener('message', (event: MessageEvent<Harbour>) => {
  self.postMessage(highestWater(event.data))
})
