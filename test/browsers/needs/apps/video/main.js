import './chime.js'

const video = document.querySelector('video')
const settled = () => (document.body.dataset.done = 'settled')
if (video.error || video.readyState > 0) settled()
else for (const event of ['error', 'loadeddata']) video.addEventListener(event, settled)
