import Doubler from './doubler.js?worker&inline'

const worker = new Doubler()
worker.onmessage = ({ data }) => {
  document.body.dataset.done = String(data)
}
worker.postMessage(21)
