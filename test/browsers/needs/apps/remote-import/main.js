import './style.css'

addEventListener('load', () => {
  document.body.dataset.done = getComputedStyle(document.querySelector('p')).color
})
