import { shared } from './shared.js'

const { color } = await import('./lazy.js')
document.body.dataset.done = `${shared} ${color()}`

if (location.search === '?sink') {
  try {
    document.querySelector('p').innerHTML = '<b>bold</b>'
    document.body.dataset.sink = 'open'
  } catch {
    document.body.dataset.sink = 'closed'
  }
}
