/** The script of the report: search, keyboard navigation and highlights. The report is readable without it. */
export const SCRIPT = `
const search = document.getElementById('search')
const rows = [...document.querySelectorAll('[data-search]')]
const root = document.documentElement
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.search.includes(word))
  for (const note of document.querySelectorAll('[data-empty]')) {
    const list = [...note.parentElement.querySelectorAll('[data-search]')]
    note.hidden = list.length === 0 || list.some((row) => !row.hidden)
  }
}
search.addEventListener('input', filter)
document.getElementById('theme').addEventListener('click', () => {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = dark ? 'light' : 'dark'
})
function step(by) {
  const stops = [...document.querySelectorAll('details.page:not([hidden]) > summary')]
  const at = stops.indexOf(document.activeElement)
  const next = stops[at === -1 ? (by > 0 ? 0 : stops.length - 1) : at + by]
  if (next) next.focus()
}
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target === search) {
    if (event.key === 'Escape') { search.value = ''; filter(); search.blur() }
    else if (event.key === 'ArrowDown') { event.preventDefault(); step(1) }
    return
  }
  if (event.key === '/') { event.preventDefault(); search.focus(); search.select() }
  else if (event.key === 'j') step(1)
  else if (event.key === 'k') step(-1)
  else if (event.key === 't') document.getElementById('theme').click()
})
const graph = document.querySelector('.scroll > svg')
function light(node) {
  graph.classList.toggle('lit', node !== undefined)
  for (const one of graph.querySelectorAll('.on')) one.classList.remove('on')
  if (node === undefined) return
  const id = node.dataset.node
  const lit = new Set([id])
  for (const edge of graph.querySelectorAll('.edge')) {
    const { from, to } = edge.dataset
    if (from !== id && to !== id) continue
    edge.classList.add('on')
    lit.add(from)
    lit.add(to)
  }
  for (const one of graph.querySelectorAll('.node')) if (lit.has(one.dataset.node)) one.classList.add('on')
}
if (graph) {
  for (const node of graph.querySelectorAll('.node')) {
    for (const name of ['mouseenter', 'focus']) node.addEventListener(name, () => light(node))
    // Browsers do not scroll to a link of a drawing that gets the focus.
    node.addEventListener('focus', () => node.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
    for (const name of ['mouseleave', 'blur']) node.addEventListener(name, () => light(undefined))
  }
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const done = await copy(button.dataset.copy)
    button.textContent = done ? 'Copied' : 'Not allowed'
    setTimeout(() => (button.textContent = 'Copy'), 2000)
  })
}
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Files and plain http have no clipboard in some browsers.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
addEventListener('hashchange', open)
function open() {
  const target = location.hash && document.getElementById(location.hash.slice(1))
  if (target && target.tagName === 'DETAILS') target.open = true
}
open()
`
