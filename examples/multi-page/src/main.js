import './style.css'

let boats = 0
const count = document.querySelector('#count')
count.addEventListener('click', () => (count.textContent = `${++boats} boats`))

// A chunk of its own with a stylesheet of its own, pinned by the import map of the page.
document.querySelector('#more').addEventListener('click', async () => {
  const { tides } = await import('./tides.js')
  document.querySelector('#tides').replaceChildren(tides())
})
