import { clockTime, moonAges } from '../clock.ts'
import './moon.css'

export function Moon() {
  const ages = moonAges(2026)
  const fullMoon = ages.findIndex((age) => age >= 14.77)
  return (
    <section data-view="moon">
      <h2>Moon</h2>
      <div className="moon-disc" />
      <p>
        <span className="moon-badge" data-lazy-style>
          First full moon of 2026: day {Math.floor(fullMoon / 2) + 1}, about {clockTime((fullMoon % 2) * 12)}
        </span>
      </p>
    </section>
  )
}
