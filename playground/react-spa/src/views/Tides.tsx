import { clockTime, moonAges } from '../clock.ts'
import { readHarbour } from '../harbour.ts'

export function Tides() {
  const { constituents } = readHarbour()
  const springs = moonAges(2026).filter((age) => age % 14.77 < 0.5).length
  return (
    <section data-view="tides">
      <h2>What makes the tide</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Constituent</th>
            <th scope="col">Metres</th>
            <th scope="col">Peaks at</th>
          </tr>
        </thead>
        <tbody>
          {constituents.map(({ name, amplitude, period, phase }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{amplitude.toFixed(2)}</td>
              <td>{clockTime((phase / (2 * Math.PI)) * period)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>The year has {springs} spring tides.</p>
    </section>
  )
}
