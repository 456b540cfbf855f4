import type { PlaygroundSpec, Step } from '../spec.ts'

const ready: Step = { expect: `document.querySelector('output')?.textContent === 'Ready.'` }
const widget = (name: string): Step => ({ expect: `document.documentElement.dataset.widget === '${name}'` })

/** What honest visitors see; what the others try is in `test/attack/demonstration.test.ts`. */
export const spec: PlaygroundSpec = {
  pages: [
    { path: '/', html: 'index.html', steps: [ready, widget('clock')] },
    { path: '/dom.html', html: 'dom.html', steps: [ready, widget('clock')] },
    {
      path: '/dom.html?class=class2&widget=/widgets/calendar.js',
      html: 'dom.html',
      steps: [ready, { expect: `document.querySelector('main.class2')` }, widget('calendar')],
    },
  ],
}
