/** A canvas with a title under it, drawn in the colour of the text around it. */
export function drawing(title: string, paint: (context: CanvasRenderingContext2D) => void): HTMLElement {
  const canvas = document.createElement('canvas')
  canvas.width = 1200
  canvas.height = 240
  const context = canvas.getContext('2d')
  if (context) {
    context.strokeStyle = context.fillStyle = getComputedStyle(document.body).getPropertyValue('--accent')
    context.lineWidth = 3
    paint(context)
  }
  const caption = document.createElement('figcaption')
  caption.textContent = title
  const figure = document.createElement('figure')
  figure.append(canvas, caption)
  return figure
}
