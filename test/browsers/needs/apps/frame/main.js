const inner = () => document.querySelector('iframe').contentDocument?.querySelector('#inner')?.textContent
const look = () => {
  if (inner()) document.body.dataset.done = inner()
  else setTimeout(look, 20)
}
look()
