import { parentPort, workerData } from 'node:worker_threads'
import { Listing } from './walk.ts'
import { packError, PageQueue } from './page-queue.ts'
import { PageWork } from './page-work.ts'
import type { ThreadAnswer, ThreadOrder, ThreadSetup } from './threads.ts'

/** A thread that works on pages: it takes what is left, tells what it did, and then does what it is asked to. */
function run(
  { setup, site, out, shared }: ThreadSetup,
  answer: (answer: ThreadAnswer) => void,
): (order: ThreadOrder) => void {
  const queue = new PageQueue(shared)
  const work = new PageWork(setup, { site: Listing.unpack(site), out: out && Listing.unpack(out) })
  for (let more = true; more;) {
    const step = queue.step(work)
    more = step === true
    answer({ kind: 'batch', batch: work.take() })
    if (typeof step === 'object') answer({ kind: 'failure', page: step.page, error: packError(step.error) })
  }
  answer({ kind: 'done' })
  return (order) => {
    if (order === 'check') {
      const changed = work.changedMeanwhile()
      if (changed !== undefined) answer({ kind: 'changed', path: changed })
    } else if (order === 'settle') work.settle()
    else work.discard()
    answer({ kind: 'done' })
  }
}

const port = parentPort
if (port)
  port.on(
    'message',
    run(workerData as ThreadSetup, (answer) => port.postMessage(answer)),
  )
