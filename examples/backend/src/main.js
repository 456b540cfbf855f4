import './main.css'

const app = document.querySelector('#app')
app.textContent = `Hello, ${globalThis.user.name}.`

import('./lazy.js').then(({ tide }) => {
  app.dataset.tide = tide
})
