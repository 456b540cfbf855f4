// Builds a playground with the plugin, shows what it wrote, and serves it with the headers that a host would send.
// `npm run demo -- --build-only` ends after the build; `npm run demo -- vue-spa` takes another playground.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { installDependencies, root, run } from './run.js'

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

const args = process.argv.slice(2)
const name = args.find((arg) => !arg.startsWith('-')) ?? 'react-spa'
const app = join(root, 'playground', name)
const dist = join(app, 'dist')

installDependencies()
run('npm', ['run', 'build', '--silent'])

const { build, loadConfigFromFile } = await import('vite')
const { cspHashes } = await import('../dist/index.js')
const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, undefined, app)
const { plugins, ...config } = loaded.config
const others = plugins
  .flat(Number.POSITIVE_INFINITY)
  .filter((plugin) => plugin?.name !== 'vite-plugin-csp-hashes')
await build({
  ...config,
  configFile: false,
  root: app,
  plugins: [...others, cspHashes({ output: ['meta', 'netlify'] })],
})

const headersFile = readFileSync(join(dist, '_headers'), 'utf8')
const page = readFileSync(join(dist, 'index.html'), 'utf8')
const metas = page
  .match(/<meta http-equiv="Content-Security-Policy" content="[^"]*"/g)
  .map((meta) => /content="([^"]*)"/.exec(meta)[1])
console.log(
  `\n\u001B[1mThe policies of ${name}/dist/index.html\u001B[22m\n\n${metas.map((policy) => policy.replaceAll('; ', ';\n')).join('\n\n')}`,
)
console.log(`\n\u001B[1m${name}/dist/_headers\u001B[22m\n\n${headersFile}`)

if (args.includes('--build-only')) process.exit(0)

const { parseAllHeaders } = await import('@netlify/headers-parser')
const { headers } = await parseAllHeaders({ headersFiles: [join(dist, '_headers')], minimal: true })
const everywhere = headers.find((rule) => (rule.for ?? rule.path) === '/*').values

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
  const found = [path, join(path, 'index.html'), `${path}.html`, '/index.html'].find((file) => {
    try {
      return Boolean((response.body = readFileSync(join(dist, file)))) && (response.file = file)
    } catch {
      return false
    }
  })
  response.writeHead(found ? 200 : 404, {
    ...everywhere,
    'content-type': TYPES[extname(found ?? '')] ?? 'application/octet-stream',
  })
  response.end(response.body)
})
server.listen(4173, '127.0.0.1', () =>
  console.log('Serving with this policy: http://localhost:4173 (Ctrl-C ends it)'),
)
