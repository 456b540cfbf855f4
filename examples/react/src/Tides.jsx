import './tides.css'

export default function Tides() {
  return <p className="tides">High at 6:12</p>
}
