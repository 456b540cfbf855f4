import './lightbox.css'

export function lightbox(name: string, colour: string): HTMLElement {
  const frame = document.createElement('div')
  frame.className = 'lightbox'
  frame.style.setProperty('--bird', colour)
  const label = document.createElement('span')
  label.className = 'lightbox-label'
  label.dataset['lazyStyle'] = ''
  label.textContent = `${name}, seen from the bench`
  frame.append(label)
  return frame
}
