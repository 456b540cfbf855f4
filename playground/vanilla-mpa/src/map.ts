import { drawing } from './draw.ts'

export function map(): HTMLElement {
  return drawing('The marsh from the bench, not to scale', (context) => {
    for (let height = 0; height < 6; height++) {
      context.beginPath()
      context.ellipse(
        560 + height * 26,
        125,
        520 - height * 85,
        105 - height * 17,
        0.05 * height,
        0,
        2 * Math.PI,
      )
      context.stroke()
    }
    context.fillRect(1120, 190, 44, 12)
  })
}
