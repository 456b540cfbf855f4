import feather from './assets/feather.svg'
import './page.css'

/** Reads a data block of the page's HTML. */
export function readData<Data>(id: string): Data {
  return JSON.parse(document.getElementById(id)?.textContent ?? '') as Data
}

/** Puts a view on the page's stage, in place of the one before. */
export function show(name: string, ...content: (Node | string)[]): void {
  const view = document.createElement('section')
  view.dataset['view'] = name
  view.append(...content)
  document.querySelector('[data-stage]')?.replaceChildren(view)
}

/** Runs `action` when the button for the view `name` is pressed. */
export function onPress(name: string, action: () => Promise<void>): void {
  document.querySelector(`[data-to=${name}]`)?.addEventListener('click', () => void action())
}

/** What every page with scripts does at its start. */
export function startPage(): void {
  const mark = new Image(28, 28)
  mark.src = feather
  mark.alt = ''
  document.querySelector('header')?.prepend(mark)
  document.querySelector('[data-theme-toggle]')?.addEventListener('click', () => {
    const { dataset } = document.documentElement
    dataset['theme'] = dataset['theme'] === 'dark' ? 'light' : 'dark'
    localStorage.setItem('marsh-theme', dataset['theme'])
  })
  document.body.dataset['ready'] = ''
}
