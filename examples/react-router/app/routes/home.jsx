import { Link } from 'react-router'
import { BoatCounter } from '../boat-counter.jsx'

export const meta = () => [{ title: 'Harbour' }]

export default function Home() {
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
