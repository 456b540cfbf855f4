import { type Files, page } from './app.ts'

const start = (name: string, code: string) => `${code}\n${name}.onmessage = ({ data }) => mark(data)\n`

/** Every way to start a worker that Vite bundles. */
export const WORKER_FILES: Files = {
  'index.html': page('Workers', '<script type="module" src="/src/workers.js"></script>'),
  'src/workers.js': [
    `import Inline from './inline-worker.js?worker&inline'`,
    `import ByUrl from './url-worker.js?worker'`,
    start('classic', `const classic = new Worker(new URL('./classic-worker.js', import.meta.url))`),
    start(
      'esm',
      `const esm = new Worker(new URL('./module-worker.js', import.meta.url), { type: 'module' })`,
    ),
    start('inline', 'const inline = new Inline()'),
    start('byUrl', 'const byUrl = new ByUrl()'),
    `if ('SharedWorker' in window) {`,
    `  const shared = new SharedWorker(new URL('./shared-worker.js', import.meta.url), { type: 'module' })`,
    `  shared.port.onmessage = ({ data }) => mark(data)`,
    `} else mark('shared-worker')`,
    `mark('entry')`,
  ].join('\n'),
  'src/part.js': 'export const say = (name) => postMessage(name)\n',
  'src/classic-worker.js': `import { say } from './part.js'\nsay('classic-worker')\n`,
  'src/module-worker.js': `import { say } from './part.js'\nsay('module-worker')\n`,
  'src/inline-worker.js': `import { say } from './part.js'\nsay('inline-worker')\n`,
  'src/url-worker.js': `import { say } from './part.js'\nsay('url-worker')\n`,
  'src/shared-worker.js': `onconnect = ({ ports: [port] }) => port.postMessage('shared-worker')\n`,
}

export const WORKER_MARKS = [
  'inline',
  'entry',
  'classic-worker',
  'module-worker',
  'inline-worker',
  'url-worker',
  'shared-worker',
]

/** A module that exports one function, `answer`, which gives 42. */
const ANSWER = 'AGFzbQEAAAABBQFgAAF/AwIBAAcKAQZhbnN3ZXIAAAoGAQQAQSoL'

export const WASM_FILES: Files = {
  'index.html': page('Wasm', '<script type="module" src="/src/wasm.js"></script>'),
  'src/wasm.js': `
import init from './answer.wasm?init'
mark('entry')
init().then(({ exports }) => mark('wasm ' + exports.answer()))
`,
  'src/answer.wasm': Buffer.from(ANSWER, 'base64').toString('latin1'),
}

export const WASM_MARKS = ['inline', 'entry', 'wasm 42']
