import type { PlaygroundSpec, Step } from '../spec.ts'

const started: Step[] = [
  { expect: `document.querySelector('[data-ready]')` },
  { expect: `['light', 'dark'].includes(document.documentElement.dataset.theme)` },
  {
    expect: `getComputedStyle(document.documentElement).getPropertyValue('--inline-style').trim() === 'applied'`,
  },
  { expect: `document.querySelector('[data-data]')?.textContent === 'Behind the shed'` },
]

const sow: Step = {
  click: '[data-to=sow]',
  expect: `document.querySelector('[data-view=sow]')?.textContent.includes('October · Broad bean')`,
  lazy: 'script',
}

const harvest: Step = {
  click: '[data-to=harvest]',
  expect: `document.querySelector('[data-view=harvest]')?.textContent.includes('Pumpkin: September')`,
  lazy: 'script',
}

const harvestStyle: Step = {
  expect: `getComputedStyle(document.querySelector('[data-lazy-style]')).color === 'rgb(0, 128, 0)'`,
  lazy: 'style',
}

const lore: Step = {
  click: '[data-to=lore]',
  expect: `document.querySelector('[data-view=lore]')`,
  lazy: 'script',
}

const sayings: Step = {
  click: '[data-to=sayings]',
  expect: `document.querySelector('[data-view=sayings]')?.textContent.includes('elm leaves')`,
  lazy: 'script',
}

const workerAnswers: Step = {
  expect: `/^\\d+ %$/.test(document.querySelector('[data-worker]')?.textContent)`,
  lazy: 'worker',
}

export const spec: PlaygroundSpec = {
  pages: [
    {
      path: '/',
      html: 'index.html',
      steps: [
        ...started,
        { expect: `document.querySelectorAll('[data-view=beds] li').length === 4` },
        { expect: `document.querySelector('header img')?.naturalWidth > 0` },
        {
          expect: `performance.getEntriesByType('resource').some(({ name }) => /plan-[^/]*\\.svg$/.test(name))`,
        },
        workerAnswers,
        sow,
        harvest,
        harvestStyle,
        lore,
        sayings,
        { ...sow, lazy: 'none' },
      ],
    },
    {
      // Answered by the single-page fallback: the lazy view comes first, the rest by navigation.
      path: '/harvest',
      html: 'index.html',
      steps: [
        ...started,
        { expect: harvest.expect, lazy: 'script' },
        harvestStyle,
        { ...workerAnswers, click: '[data-to=beds]' },
      ],
    },
  ],
}
