import { type Files, page } from './app.ts'

/** What Vite copies as it is: it never sees the scripts' imports, nor the page. */
export const PUBLIC_FILES: Files = {
  'index.html': page(
    'Index',
    `<link rel="stylesheet" href="/theme/dark.css">
  <script src="/early.js"></script>
  <script type="module" src="/modules/start.js"></script>
  <script type="module" src="/src/own.js"></script>`,
  ),
  'src/own.js': `mark('entry')\nuntil(() => colorOf('.main') === 'rgb(0, 3, 0)', 'theme')\n`,
  'public/early.js': `mark('early')\n`,
  'public/theme/dark.css': '.main { color: rgb(0, 3, 0) }\n',
  'public/modules/start.js': `import { name } from './part.js'\nmark(name)\nimport('./late.js').then(({ name }) => mark(name))\n`,
  'public/modules/part.js': `export const name = 'public-part'\n`,
  'public/modules/late.js': `export const name = 'public-late'\n`,
  'public/public-page.html': page(
    'Public',
    `<script type="module" src="/modules/start.js"></script>
  <script>mark('second')</script>`,
  ),
}

export const PUBLIC_MARKS = ['inline', 'early', 'entry', 'theme', 'public-part', 'public-late']
export const PUBLIC_PAGE_MARKS = ['inline', 'second', 'public-part', 'public-late']
