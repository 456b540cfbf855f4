const entries = () => document.querySelector('#entries')

function element(name, properties) {
  const made = Object.assign(document.createElement(name), properties)
  entries().append(made)
  return made
}

/** Every careless way in which an app can use a value of its address. `write` is in the classic script. */
export const sinks = {
  innerHTML: (html) => {
    entries().innerHTML = html
  },
  setHTMLUnsafe: (html) => entries().setHTMLUnsafe(html),
  fragment: (html) => entries().append(document.createRange().createContextualFragment(html)),
  clone: (selector) => entries().append(document.querySelector(selector).content.cloneNode(true)),
  // What a home-made cleaner of markup does.
  reparse: (html) => {
    const template = document.createElement('template')
    template.innerHTML = html
    entries().innerHTML = template.innerHTML
  },
  // What libraries do that "evaluate" the scripts of the markup which they insert.
  revive: (html) => {
    entries().innerHTML = html
    for (const dead of entries().querySelectorAll('script')) {
      const live = document.createElement('script')
      for (const { name, value } of dead.attributes) live.setAttribute(name, value)
      live.text = dead.text
      dead.replaceWith(live)
    }
  },
  scriptUrl: (url) => element('script', { src: url }),
  moduleUrl: (url) => element('script', { type: 'module', crossOrigin: '', src: url }),
  scriptText: (text) => element('script', { text }),
  importUrl: (url) => import(/* @vite-ignore */ url),
  workerUrl: (url) => new Worker(url),
  link: (url) => element('a', { href: url, textContent: 'read on' }).click(),
  frame: (url) => element('iframe', { src: url }),
  srcdoc: (html) => element('iframe', { srcdoc: html }),
  location: (url) => {
    location.href = url
  },
  // oxlint-disable-next-line no-eval -- careless is what this app is for
  evaluate: (code) => (0, eval)(code),
  construct: (code) => new Function(code)(),
  timer: (code) => setTimeout(code),
  handler: (code) => {
    element('img', { alt: '' }).setAttribute('onerror', code)
    entries().querySelector('img').src = 'missing.png'
  },
}
