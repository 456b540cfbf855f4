import start from './add.wasm?init'

const { exports } = await start()
document.body.dataset.done = String(exports.add(40, 2))
