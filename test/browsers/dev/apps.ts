import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'
import * as six from '../../vite/majors/6/frameworks.ts'
import * as seven from '../../vite/majors/7/frameworks.ts'
import type { Major } from '../../vite/majors.ts'

type Framework = 'vanilla' | 'react' | 'vue' | 'svelte'

/** An app whose page says `one` in `rgb(1, 1, 1)`, and a second page that does what a policy refuses. */
export interface DevApp {
  readonly name: Framework
  readonly files: Readonly<Record<string, string>>
  /** The file that a hot update of script changes, and the one that a hot update of style changes. */
  readonly script: string
  readonly style: string
  /** The file with the faults. */
  readonly faulty: string
  readonly include: readonly string[]
}

const html = (entry: string, body = ''): string => `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>app</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
<script>document.documentElement.dataset.early = 'yes'</script>
</head>
<body>
${body}<div id="app"></div>
<script type="module" src="/src/${entry}"></script>
</body>
</html>
`

/** Both stand in lines of their own: 11 and 12. */
const MARKUP = '<button onclick="save()">save</button>\n<p style="color: red">red</p>\n'

const CODE = `
  setTimeout(() => {
    eval('1')
  })
  const script = document.createElement('script')
  script.src = 'https://scripts.invalid/' + 'widget.js'
  document.head.append(script)
  new Image().src = 'https://pictures.invalid/a.png'
`
const CSS = '#p { color: rgb(1, 1, 1) }\n'

const pages = (extension: string): Record<string, string> => ({
  'index.html': html(`main.${extension}`),
  'faults.html': html(`faults.${extension}`, MARKUP),
})

export const APPS: readonly DevApp[] = [
  {
    name: 'vanilla',
    files: {
      ...pages('ts'),
      'src/main.ts':
        "import './style.css'\nimport { word } from './word.ts'\nimport Worker from './worker.ts?worker'\nconst app: HTMLElement = document.querySelector('#app')!\napp.innerHTML = '<p id=\"p\"></p>'\ndocument.querySelector('#p')!.textContent = word\nnew Worker().onmessage = ({ data }) => (app.dataset['worker'] = data)\nimport.meta.hot?.accept()\n",
      'src/word.ts': "export const word: string = 'one'\n",
      'src/worker.ts': "postMessage('worked')\n",
      'src/style.css': CSS,
      'src/faults.ts': `interface Nothing {\n  readonly nothing: true\n}\n{${CODE}}\nexport type { Nothing }\n`,
    },
    script: 'src/word.ts',
    style: 'src/style.css',
    faulty: 'src/faults.ts',
    include: [],
  },
  {
    name: 'react',
    files: {
      ...pages('jsx'),
      'src/main.jsx':
        "import './style.css'\nimport { createRoot } from 'react-dom/client'\nimport App from './App.jsx'\ncreateRoot(document.querySelector('#app')).render(<App />)\n",
      'src/App.jsx': 'export default function App() {\n  return <p id="p">{\'one\'}</p>\n}\n',
      'src/style.css': CSS,
      'src/faults.jsx':
        "import { createRoot } from 'react-dom/client'\nimport Faults from './Faults.jsx'\ncreateRoot(document.querySelector('#app')).render(<Faults />)\n",
      'src/Faults.jsx': `import { useEffect } from 'react'\nexport default function Faults() {\n  useEffect(() => {${CODE}}, [])\n  return <p>faults</p>\n}\n`,
    },
    script: 'src/App.jsx',
    style: 'src/style.css',
    faulty: 'src/Faults.jsx',
    include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'],
  },
  {
    name: 'vue',
    files: {
      ...pages('js'),
      'src/main.js':
        "import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')\n",
      'src/App.vue': `<script setup>\nimport './other.css'\nconst word = 'one'\n</script>\n<template><p id="p">{{ word }}</p></template>\n<style>\n#p { margin: 0 }\n</style>\n`,
      'src/other.css': CSS,
      'src/faults.js':
        "import { createApp } from 'vue'\nimport Faults from './Faults.vue'\ncreateApp(Faults).mount('#app')\n",
      'src/Faults.vue': `<template><p>faults</p></template>\n<script setup>\nimport { onMounted } from 'vue'\nonMounted(() => {${CODE}})\n</script>\n`,
    },
    script: 'src/App.vue',
    style: 'src/other.css',
    faulty: 'src/Faults.vue',
    include: ['vue'],
  },
  {
    name: 'svelte',
    files: {
      ...pages('js'),
      'src/main.js':
        "import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.querySelector('#app') })\n",
      'src/App.svelte':
        '<script>\n  const word = \'one\'\n</script>\n<p id="p">{word}</p>\n<style>\n  p { color: rgb(1, 1, 1) }\n</style>\n',
      'src/faults.js':
        "import { mount } from 'svelte'\nimport Faults from './Faults.svelte'\nmount(Faults, { target: document.querySelector('#app') })\n",
      'src/Faults.svelte': `<script>\n  import { onMount } from 'svelte'\n  onMount(() => {${CODE}})\n</script>\n<p>faults</p>\n`,
    },
    script: 'src/App.svelte',
    style: 'src/App.svelte',
    faulty: 'src/Faults.svelte',
    include: ['svelte'],
  },
]

/** The plugin of a framework, of the release that goes with a major of Vite. */
export function frameworkPlugin(name: Framework, major: Major): PluginOption {
  const of = { 5: six, 6: six, 7: seven, 8: { svelte, react, vue } }[major] as {
    svelte: typeof svelte
    react: typeof react
    vue: typeof vue
  }
  switch (name) {
    case 'vanilla':
      return []
    case 'react':
      return of.react()
    case 'vue':
      return of.vue()
    case 'svelte':
      return of.svelte({ configFile: false })
  }
}
