import { useEffect, useState } from 'react'
import coast from '../assets/coast.svg'
import { readHarbour } from '../harbour.ts'
import type { HighWater } from '../worker.ts'

/** The day's highest water, worked out in a worker. `undefined` until it has answered. */
function useHighWater(): HighWater | undefined {
  const [highWater, setHighWater] = useState<HighWater>()
  useEffect(() => {
    const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', (event: MessageEvent<HighWater>) => setHighWater(event.data))
    worker.postMessage(readHarbour())
    return () => worker.terminate()
  }, [])
  return highWater
}

export function Today() {
  const highWater = useHighWater()
  return (
    <section data-view="today">
      <img className="coast" src={coast} alt="Hills behind a bay in the evening" width="640" height="240" />
      <h2>Highest water today</h2>
      {highWater ? (
        <p className="figure" data-worker>
          {highWater.metres.toFixed(2)} m
        </p>
      ) : (
        <p className="figure">…</p>
      )}
      <p>Worked out from three constituents, second by second, while you read this line.</p>
    </section>
  )
}
