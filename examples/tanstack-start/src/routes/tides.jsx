import { createFileRoute, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import '../tides.css'

export const Route = createFileRoute('/tides')({
  head: () => ({ meta: [{ title: 'Tides' }] }),
  component: Tides,
})

function Tides() {
  const [ready, setReady] = useState()
  useEffect(() => setReady(''), [])
  return (
    <>
      <h1>Tides</h1>
      <p data-lazy data-ready={ready}>
        High water at noon, low water at six
      </p>
      <p>
        The moon draws the water twice a day. Back to the{' '}
        <Link to="/" data-to="home">
          harbour
        </Link>
        .
      </p>
    </>
  )
}
