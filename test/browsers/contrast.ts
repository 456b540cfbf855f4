/** Texts with a contrast below 4.5 : 1. @see https://www.w3.org/TR/WCAG22/#contrast-minimum */
export const FAINT = `(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => {
    const part = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
  }
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const [r, g, b, alpha = 1] = rgb(getComputedStyle(one).backgroundColor)
      if (alpha === 1) return [r, g, b]
    }
    return [255, 255, 255]
  }
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    if (!own || !element.checkVisibility() || /^(?:SCRIPT|STYLE|title)$/.test(element.tagName)) return []
    const style = getComputedStyle(element)
    const [a, b] = [light(rgb(element.tagName === 'text' ? style.fill : style.color)), light(behind(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    return contrast < 4.5 ? [element.tagName + ' ' + element.textContent.slice(0, 40) + ' ' + contrast.toFixed(2)] : []
  })
})()`
