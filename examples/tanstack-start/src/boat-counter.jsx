import { useEffect, useState } from 'react'

export function BoatCounter() {
  const [boats, setBoats] = useState(0)
  const [ready, setReady] = useState()
  useEffect(() => setReady(''), [])
  return (
    <button type="button" data-count data-ready={ready} onClick={() => setBoats(boats + 1)}>
      {boats} boats
    </button>
  )
}
