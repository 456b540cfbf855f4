import { onPress, readData, show, startPage } from './page.ts'

interface Bird {
  name: string
  colour: string
}

const birds = readData<Bird[]>('birds')
const caption = document.querySelector('[data-data]')
if (caption) caption.textContent = birds.map(({ name }) => name).join(', ')

for (const { name, colour } of birds) {
  const button = document.createElement('button')
  button.type = 'button'
  button.dataset['to'] = name.toLowerCase()
  button.className = 'bird'
  button.style.setProperty('--bird', colour)
  button.textContent = name
  button.addEventListener('click', async () => {
    const { lightbox } = await import('./lightbox.ts')
    show('lightbox', lightbox(name, colour))
  })
  document.querySelector('.birds')?.append(button)
}

onPress('song', async () => show('song', (await import('./song.ts')).song()))
startPage()
