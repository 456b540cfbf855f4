import marsh from './assets/marsh.svg'
import { onPress, readData, show, startPage } from './page.ts'
import type { Sighting } from './tally.worker.ts'

const sightings = readData<Sighting[]>('sightings')
const image = document.querySelector<HTMLImageElement>('.marsh')
if (image) image.src = marsh

const total = document.querySelector('[data-data]')
if (total) total.textContent = `${sightings.reduce((sum, { count }) => sum + count, 0)} birds`

const tally = new Worker(new URL('./tally.worker.ts', import.meta.url), { type: 'module' })
tally.addEventListener('message', ({ data }: MessageEvent<string>) => {
  const answer = document.createElement('span')
  answer.dataset['worker'] = ''
  answer.textContent = data
  document.querySelector('[data-worker-for]')?.replaceChildren(answer)
})
tally.postMessage(sightings)

onPress('song', async () => show('song', (await import('./song.ts')).song()))
onPress('map', async () => show('map', (await import('./map.ts')).map()))
onPress('fact', async () => show('fact', (await import('./fact.ts')).fact))
startPage()
