/** WebSocket event that sends findings to the page. */
export const OVERLAY_EVENT = 'csp-hashes:findings'

/** WebSocket event by which the page reports that it can show findings. */
export const OVERLAY_READY = 'csp-hashes:ready'

/**
 * The script that shows findings in the page, similar to Vite's own overlay. Its styles are in an adopted
 * stylesheet, which no policy blocks.
 */
export function overlayScript(base: string): string {
  return `import { createHotContext } from ${JSON.stringify(`${base}@vite/client`)}
const sheet = new CSSStyleSheet()
sheet.replaceSync(${JSON.stringify(STYLE)})
class Overlay extends HTMLElement {
  constructor() {
    super()
    this.texts = new Set()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheet]
    this.list = document.createElement('ol')
    const button = document.createElement('button')
    button.textContent = 'Close'
    button.addEventListener('click', () => this.remove())
    const title = document.createElement('h1')
    title.textContent = 'Content-Security-Policy'
    const box = document.createElement('section')
    box.append(title, button, this.list)
    root.append(box)
  }
  add(text) {
    if (this.texts.has(text)) return
    this.texts.add(text)
    const item = document.createElement('li')
    item.textContent = text
    this.list.append(item)
  }
}
const name = 'csp-hashes-overlay'
if (!customElements.get(name)) customElements.define(name, Overlay)
const hot = createHotContext(${JSON.stringify(`${base}@csp-hashes/overlay.js`)})
hot.on(${JSON.stringify(OVERLAY_EVENT)}, ({ texts }) => {
  const overlay = document.querySelector(name) || document.body.appendChild(document.createElement(name))
  texts.forEach((text) => overlay.add(text))
})
hot.send(${JSON.stringify(OVERLAY_READY)})
`
}

const STYLE = `
:host { position: fixed; z-index: 99998; right: 1rem; bottom: 1rem; max-width: min(46rem, calc(100vw - 2rem)); }
section { max-height: 60vh; overflow: auto; padding: 1rem 1.25rem; background: #181818; color: #d8d8d8;
  font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; border-top: 6px solid #e2aa53; border-radius: 6px; }
h1 { display: inline; margin: 0; font-size: 14px; color: #e2aa53; }
button { float: right; font: inherit; color: inherit; background: none; border: 1px solid #555; border-radius: 4px; cursor: pointer; }
ol { margin: .75rem 0 0; padding: 0; list-style: none; }
li { white-space: pre-wrap; padding: .5rem 0; border-top: 1px solid #333; overflow-wrap: anywhere; }
`
