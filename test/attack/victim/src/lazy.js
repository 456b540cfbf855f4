import './lazy.css'

export function mark(app) {
  app.lazy = true
  app.style = getComputedStyle(document.documentElement).getPropertyValue('--lazy-style').trim() === 'applied'
}
