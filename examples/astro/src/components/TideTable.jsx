import { useEffect, useState } from 'preact/hooks'
import './TideTable.css'

export default function TideTable() {
  const [moon, setMoon] = useState('')
  useEffect(() => setMoon('High water at noon, low water at six'), [])
  return (
    <p class="tides" data-lazy data-ready={moon ? '' : undefined}>
      {moon}
    </p>
  )
}
