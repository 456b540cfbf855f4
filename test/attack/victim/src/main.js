import { title } from './title.js'
import { sinks } from './sinks.js'

const app = (globalThis.app = { static: title === 'Guest book', classic: globalThis.classicRan === true })

for (const [sink, value] of new URLSearchParams(location.hash.slice(1))) {
  try {
    await sinks[sink]?.(value)
  } catch {
    // What a policy forbids must not end the app.
  }
}

import('./lazy.js').then(({ mark }) => mark(app))

new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }).addEventListener('message', () => {
  app.worker = true
})
