import { createFileRoute, Link } from '@tanstack/react-router'
import { BoatCounter } from '../boat-counter.jsx'

export const Route = createFileRoute('/')({
  head: () => ({ meta: [{ title: 'Harbour' }] }),
  component: Home,
})

function Home() {
  return (
    <>
      <h1>Harbour</h1>
      <p>
        Boats that came in today: <BoatCounter />
      </p>
      <p>
        When is the{' '}
        <Link to="/tides" data-to="tides">
          next tide
        </Link>
        ?
      </p>
    </>
  )
}
