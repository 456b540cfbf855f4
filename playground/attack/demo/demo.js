/** Writes the page of the demo: panes, buttons, what ran, what was refused, and the policy explained. */
const { without, with: protectedSite, evil, policies } = await (await fetch('demo.json')).json()
const { protocol, hostname } = location
const origin = (port) => `${protocol}//${hostname}:${port}`
const sites = { without: origin(without), with: origin(protectedSite) }

const ATTACKS = [
  ['No attack', 'An honest visitor: the app greets, the clock widget loads.', 'index.html', {}],
  [
    'Inline handler',
    'The attribute class=class1 gains a second one: <main class=class1 onanimationstart=…>.',
    'index.html',
    { class: `class1 onanimationstart=alert('handler')` },
  ],
  [
    'eval in a handler',
    'The handler hides its text in character codes and evaluates it.',
    'index.html',
    {
      class: `class1 onanimationstart=eval(String.fromCharCode(${[..."alert('eval')"].map((c) => c.charCodeAt(0))}))`,
    },
  ],
  [
    'Inline script',
    'The attribute is left, the element is closed, and a <script> follows.',
    'index.html',
    { class: `class1><script>alert('inline')</script><i` },
  ],
  [
    'Foreign script',
    'The widget is loaded from the host of the attacker.',
    'index.html',
    { widget: `${origin(evil)}/evil.js` },
  ],
  [
    'Module and preload',
    'A module script with a preload: the strict policy of the guides alone lets this one run in two engines.',
    'index.html',
    {
      class: `class1><link rel=modulepreload href=${origin(evil)}/evil.js><script type=module src=${origin(evil)}/evil.js></script><i`,
    },
  ],
  [
    'DOM: innerHTML',
    'No server is involved: a script of the page itself writes the address into innerHTML.',
    'dom.html',
    { class: `class1><img src=x onerror=alert('innerHTML')><i` },
  ],
  [
    'javascript: URL',
    'A frame whose address is a script.',
    'index.html',
    { class: `class1><iframe hidden src="javascript:parent.alert('javascript: URL')"></iframe><i` },
  ],
]

const panes = new Map(
  Object.entries(sites).map(([name, site]) => {
    const section = document.querySelector(`[data-site=${name}]`)
    const list = (kind) => section.querySelector(`.${kind}`)
    return [site, { frame: section.querySelector('iframe'), ran: list('ran'), refused: list('refused') }]
  }),
)

function show(list, text) {
  list.querySelector('.none')?.remove()
  if ([...list.children].some((item) => item.textContent === text)) return
  list.append(Object.assign(document.createElement('li'), { textContent: text }))
}

function empty(list) {
  list.replaceChildren(
    Object.assign(document.createElement('li'), { textContent: 'nothing', className: 'none' }),
  )
}

function attack([name, about, page, query], button) {
  document.querySelector('.about').textContent = about
  for (const other of document.querySelectorAll('nav button')) other.ariaPressed = String(other === button)
  for (const [site, { frame, ran, refused }] of panes) {
    empty(ran)
    empty(refused)
    frame.src = `${site}/${page}?${new URLSearchParams({ ...query, demo: name })}`
  }
}

window.addEventListener('message', ({ origin: from, data }) => {
  const pane = panes.get(from)
  if (!pane || data === null || typeof data !== 'object') return
  if (data.ran) show(pane.ran, `It ran: ${data.ran}`)
  if (data.refused) show(pane.refused, `${data.refused.directive}: ${data.refused.what}`)
})

for (const one of ATTACKS) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: one[0] })
  button.addEventListener('click', () => attack(one, button))
  document.querySelector('nav').append(button)
}
attack(ATTACKS[0], document.querySelector('nav button'))

for (const { title, directives } of policies) {
  const box = document.querySelector('.policies')
  box.append(Object.assign(document.createElement('h3'), { textContent: title }))
  const list = document.createElement('dl')
  for (const { name, sources } of directives)
    for (const { expression, why } of sources) {
      const term = document.createElement('dt')
      term.append(Object.assign(document.createElement('code'), { textContent: `${name} ${expression}` }))
      list.append(term, Object.assign(document.createElement('dd'), { textContent: why }))
    }
  box.append(list)
}
