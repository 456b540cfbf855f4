import { drawing } from './draw.ts'

export function song(): HTMLElement {
  return drawing('Reed bunting, three notes and a flourish', (context) => {
    context.beginPath()
    for (let x = 0; x < 1200; x++) {
      const loudness = Math.abs(Math.sin(x / 95)) * (x > 900 ? 1 : 0.6)
      context.lineTo(x, 120 + 110 * loudness * Math.sin(x / (x > 900 ? 3 : 7)))
    }
    context.stroke()
  })
}
