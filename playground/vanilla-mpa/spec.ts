import type { PlaygroundSpec, Step } from '../spec.ts'

const inlineStyle: Step = {
  expect: `getComputedStyle(document.documentElement).getPropertyValue('--inline-style').trim() === 'applied'`,
}

const started: Step[] = [
  { expect: `document.querySelector('[data-ready]')` },
  { expect: `['light', 'dark'].includes(document.documentElement.dataset.theme)` },
  inlineStyle,
  { expect: `document.querySelector('header img')?.naturalWidth > 0` },
]

const song: Step = {
  click: '[data-to=song]',
  expect: `document.querySelector('[data-view=song]')?.textContent.includes('Reed bunting')`,
  lazy: 'script',
}

const fact: Step = {
  click: '[data-to=fact]',
  expect: `document.querySelector('[data-view=fact]')?.textContent.includes('bittern booms')`,
  lazy: 'script',
}

export const spec: PlaygroundSpec = {
  pages: [
    {
      path: '/',
      html: 'index.html',
      steps: [
        ...started,
        { expect: `document.querySelector('[data-data]')?.textContent === '63 birds'` },
        { expect: `document.querySelector('.marsh')?.naturalWidth > 0` },
        // The classic script of the public folder, whose listener waits for DOMContentLoaded.
        { expect: `document.querySelector('[data-legacy]')?.textContent.toLowerCase().includes('visit')` },
        { expect: `document.querySelector('[data-worker]')?.textContent === 'lapwings'`, lazy: 'worker' },
        fact,
        song,
        {
          click: '[data-to=map]',
          expect: `document.querySelector('[data-view=map]')?.textContent.includes('from the bench')`,
          lazy: 'script',
        },
        { ...song, lazy: 'none' },
      ],
    },
    {
      path: '/gallery.html',
      html: 'gallery.html',
      steps: [
        ...started,
        { expect: `document.documentElement.dataset.columns` },
        { expect: `document.querySelector('[data-data]')?.textContent === 'Lapwing, Bittern, Harrier'` },
        {
          click: '[data-to=bittern]',
          expect: `document.querySelector('[data-view=lightbox]')?.textContent.includes('Bittern')`,
          lazy: 'script',
        },
        {
          expect: `getComputedStyle(document.querySelector('[data-lazy-style]')).color === 'rgb(0, 128, 0)'`,
          lazy: 'style',
        },
        song,
      ],
    },
    {
      path: '/about/',
      html: 'about/index.html',
      steps: [
        ...started,
        // The page's second inline script, below what it reads.
        { expect: `document.querySelector('[data-reading-time]')?.textContent === '50 words, 13 seconds'` },
        fact,
      ],
    },
    {
      // No script at all; a stylesheet of the public folder beside the built one.
      path: '/colophon.html',
      html: 'colophon.html',
      steps: [
        inlineStyle,
        { expect: `getComputedStyle(document.querySelector('main')).borderTopWidth === '1px'` },
        { expect: `getComputedStyle(document.querySelector('.edition')).fontStyle === 'italic'` },
        { expect: `document.scripts.length === 0` },
      ],
    },
  ],
}
