/**
 * A server's template as it must not be: what the visitor's address says goes into the page as it is, and the class
 * has no quotes around it.
 */
export function fillTemplate(html: string, query: URLSearchParams): string {
  const look = query.get('class') ?? 'class1'
  const widget = query.get('widget') ?? '/widgets/clock.js'
  return html.replace('class=class1', () => `class=${look}`).replace('/widgets/clock.js', () => widget)
}
