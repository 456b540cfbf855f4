import { expect, vi } from 'vitest'
import type { Visit } from '../browsers/visit.ts'
import { readTree } from '../support/files.ts'
import { PATIENCE } from './tour.ts'

export interface Attack {
  /** Injects markup into every page and changes the chunk that the second page needs. */
  readonly override: (file: string, bytes: Buffer) => Buffer | undefined
  /** Waits until the chunk has run or the page has givenUp it up, and tells what ran. */
  readonly ran: (visit: Visit) => Promise<string[]>
}

/** What runs says so where a load of another page does not lose it. */
const say = (what: string): string => `localStorage.setItem('ran-${what}', '1')`
const INJECTED = `<script>${say('script')}</script><img src="data:," alt="" onerror="${say('handler')}">`
const KINDS = ['script', 'handler', 'chunk']

/** What browsers say of a file whose bytes do not fit. */
export const REFUSED = /integrity/

/** Only the chunk that is loaded lazily has this text. */
const LAZY_TEXT = 'High water'

function lazyChunk(directory: string): string {
  const chunks = Object.entries(readTree(directory)).filter(
    ([path, bytes]) => path.endsWith('.js') && bytes.includes(LAZY_TEXT),
  )
  expect(chunks.map(([path]) => path)).toHaveLength(1)
  return chunks[0]![0]
}

export function attack(directory: string, givenUp: RegExp): Attack {
  const chunk = lazyChunk(directory)
  return {
    override(file, bytes) {
      if (file.endsWith('.html'))
        return Buffer.from(bytes.toString('utf8').replace('</body>', `${INJECTED}</body>`))
      return file === chunk ? Buffer.concat([bytes, Buffer.from(`\n;${say('chunk')}`)]) : undefined
    },
    async ran(visit) {
      const ran = (): Promise<string[]> =>
        visit.evaluate(`${JSON.stringify(KINDS)}.filter((kind) => localStorage.getItem('ran-' + kind))`)
      const decided = async (): Promise<boolean> =>
        (await ran()).includes('chunk') || (await visit.consoleErrors()).some((error) => givenUp.test(error))
      // Between two documents there is nobody to ask.
      await vi.waitUntil(() => decided().catch(() => false), { timeout: PATIENCE, interval: 100 })
      return ran()
    },
  }
}
