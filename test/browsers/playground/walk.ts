import { expect } from 'vitest'
import type { PlaygroundPage } from '../../../playground/spec.ts'
import type { Browser, Visit } from '../index.ts'
import type { Served } from '../serve.ts'

/** Takes every step of a page, as a visitor would. */
export async function walk(
  browser: Browser,
  served: Pick<Served, 'url'>,
  page: PlaygroundPage,
): Promise<Visit> {
  const visit = await browser.visit(served.url(page.path))
  for (const step of page.steps) {
    if (step.click) {
      await visit.waitFor(`document.querySelector(${JSON.stringify(step.click)})`)
      await visit.click(step.click)
    }
    await visit.waitFor(step.expect)
  }
  return visit
}

export async function expectQuiet(visit: Visit): Promise<void> {
  expect(await visit.violations()).toEqual([])
  expect(await visit.consoleErrors()).toEqual([])
}
