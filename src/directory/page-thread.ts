import { parentPort, workerData } from 'node:worker_threads'
import { workOn } from './page-queue.ts'
import { PageWork } from './page-work.ts'
import { packError, type ThreadAnswer, type ThreadOrder, type ThreadSetup } from './threads.ts'
import { Listing } from '../files/walk.ts'

/** Entry point of a worker thread: works on the pages it receives, then settles or discards the staged files. */
function run(
  { setup, site, out }: ThreadSetup,
  answer: (answer: ThreadAnswer) => void,
): (order: ThreadOrder) => void {
  const work = new PageWork(setup, { site: Listing.unpack(site), out: out && Listing.unpack(out) })
  let failed = false
  return (order) => {
    if (order.kind === 'pages') {
      // After a failure, later pages no longer matter, but every order needs an answer.
      const failure = failed ? undefined : workOn(work, order.tasks)
      failed ||= failure !== undefined
      const packed = failure && { page: failure.page, error: packError(failure.error) }
      answer({ kind: 'batch', batch: work.take(), failure: packed })
      return
    }
    const changed = order.kind === 'check' ? work.changedMeanwhile() : undefined
    if (order.kind === 'settle') work.settle()
    if (order.kind === 'discard') work.discard()
    answer({ kind: 'done', changed })
  }
}

const port = parentPort
if (port)
  port.on(
    'message',
    run(workerData as ThreadSetup, (answer) => port.postMessage(answer)),
  )
