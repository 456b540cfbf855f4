import type { PlaygroundSpec, Step } from '../spec.ts'

const started: Step[] = [
  { expect: `document.querySelector('[data-ready]')` },
  { expect: `['light', 'dark'].includes(document.documentElement.dataset.theme)` },
  {
    expect: `getComputedStyle(document.documentElement).getPropertyValue('--inline-style').trim() === 'applied'`,
  },
  { expect: `document.querySelector('[data-data]')?.textContent === 'Port Ellery'` },
]

const tides: Step = {
  click: '[data-to=tides]',
  expect: `document.querySelector('[data-view=tides]')?.textContent.includes('spring tides')`,
  lazy: 'script',
}

const moon: Step = {
  click: '[data-to=moon]',
  expect: `document.querySelector('[data-view=moon]')?.textContent.includes('First full moon')`,
  lazy: 'script',
}

const moonStyle: Step = {
  expect: `getComputedStyle(document.querySelector('[data-lazy-style]')).color === 'rgb(0, 128, 0)'`,
  lazy: 'style',
}

const notes: Step = {
  click: '[data-to=notes]',
  expect: `document.querySelector('[data-view=notes]')?.textContent.includes('made up')`,
  lazy: 'script',
}

const workerAnswers: Step = {
  expect: `document.querySelector('[data-worker]')?.textContent === '3.88 m'`,
  lazy: 'worker',
}

export const spec: PlaygroundSpec = {
  pages: [
    {
      path: '/',
      html: 'index.html',
      steps: [
        ...started,
        { expect: `document.querySelector('[data-view=today]')` },
        { expect: `document.querySelector('.coast')?.naturalWidth > 0` },
        { expect: `document.querySelector('header img')?.naturalWidth > 0` },
        workerAnswers,
        tides,
        moon,
        moonStyle,
        notes,
        { ...tides, lazy: 'none' },
      ],
    },
    {
      // Answered by the single-page fallback: the lazy view comes first, the rest by navigation.
      path: '/moon',
      html: 'index.html',
      steps: [
        ...started,
        { expect: moon.expect, lazy: 'script' },
        moonStyle,
        notes,
        { ...workerAnswers, click: '[data-to=today]' },
      ],
    },
  ],
}
