// oxlint-disable-next-line import/no-unassigned-import -- a stylesheet exports nothing
import './lazy.css'

export function mark(app) {
  app.lazy = true
  app.style = getComputedStyle(document.documentElement).getPropertyValue('--lazy-style').trim() === 'applied'
}
