import { expect } from 'vitest'
import type { Visit } from '../browsers/visit.ts'

/** Three browsers share a small machine with other tests. */
export const PATIENCE = 30_000

const HYDRATED = `document.querySelector('[data-count][data-ready]')`
const SECOND_SHOWN = `document.title.includes('Tides') &&
  document.querySelector('[data-lazy][data-ready]')?.textContent.includes('High water') &&
  getComputedStyle(document.querySelector('[data-lazy]')).color === 'rgb(0, 128, 0)'`

/** Headings and paragraphs: routers announce pages to screen readers in elements that come and go. */
const text = (visit: Visit): Promise<string[]> =>
  visit.evaluate(
    `[document.title, ...[...document.querySelectorAll('h1, p')].map((element) => element.innerText)]`,
  )

async function count(visit: Visit): Promise<void> {
  await visit.waitFor(HYDRATED, PATIENCE)
  await visit.click('[data-count]')
  await visit.waitFor(`document.querySelector('[data-count]').textContent === '1 boats'`, PATIENCE)
}

/** A load of another document would lose the mark. */
const mark = (visit: Visit): Promise<unknown> => visit.evaluate(`globalThis.stayed = true`)
const expectStayed = async (visit: Visit): Promise<void> =>
  expect(await visit.evaluate('globalThis.stayed'), 'the document is still the first').toBe(true)

/** From the first page to the second; the result is what a visitor reads. */
export async function tour(visit: Visit): Promise<string[]> {
  await count(visit)
  const first = await text(visit)
  await mark(visit)
  await visit.click('[data-to=tides]')
  await visit.waitFor(SECOND_SHOWN, PATIENCE)
  await expectStayed(visit)
  return [...first, ...(await text(visit))]
}

/** From the second page to the first. */
export async function tourFromSecond(visit: Visit): Promise<void> {
  await visit.waitFor(SECOND_SHOWN, PATIENCE)
  await mark(visit)
  await visit.click('[data-to=home]')
  await count(visit)
  await expectStayed(visit)
}

/** To the second page, whose chunk may be dead. */
export async function intoAttack(visit: Visit): Promise<void> {
  await count(visit)
  await visit.click('[data-to=tides]')
}
