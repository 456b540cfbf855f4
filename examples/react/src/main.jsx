import { lazy, Suspense, useState } from 'react'
import { createRoot } from 'react-dom/client'
import './style.css'

// A chunk of its own with a stylesheet of its own, pinned by the import map of the page.
const Tides = lazy(() => import('./Tides.jsx'))

function App() {
  const [boats, setBoats] = useState(0)
  const [more, setMore] = useState(false)
  return (
    <>
      <h1>Harbour</h1>
      <p>
        <button id="count" type="button" onClick={() => setBoats(boats + 1)}>
          {boats} boats
        </button>
      </p>
      <p>
        <button id="more" type="button" onClick={() => setMore(true)}>
          Tides
        </button>
      </p>
      <div id="tides">
        <Suspense>{more && <Tides />}</Suspense>
      </div>
    </>
  )
}

createRoot(document.querySelector('#app')).render(<App />)
