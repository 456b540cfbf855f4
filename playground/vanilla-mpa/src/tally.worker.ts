export interface Sighting {
  bird: string
  count: number
}

self.addEventListener('message', ({ data }: MessageEvent<Sighting[]>) => {
  const [most] = data.toSorted((a, b) => b.count - a.count)
  self.postMessage(most ? `${most.bird.toLowerCase()}s` : 'nothing')
})
