import './style.css'
import dot from './dot.png'

const image = new Image()
image.src = dot
image.onload = async () => {
  await document.fonts.load('16px Tiny').catch(() => [])
  document.body.dataset.done = String(image.naturalWidth)
}
