import './tides.css'

export function tides() {
  const paragraph = document.createElement('p')
  paragraph.className = 'tides'
  paragraph.textContent = 'High at 6:12'
  return paragraph
}
