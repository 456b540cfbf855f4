// Builds a careless app without and with the plugin, and serves both beside an attacker's host, in two panes to try attacks on.
// `--build-only` ends after the build, `--no-package` takes the package as it was last built, `--port <n>` is the first of four.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { parseArgs } from 'node:util'
import { demoCheckout } from './demo-checkout.js'
import { root, run } from './run.js'

const { values: flags } = parseArgs({
  options: {
    'build-only': { type: 'boolean' },
    'no-package': { type: 'boolean' },
    port: { type: 'string', default: '4173' },
  },
})
const firstPort = Number(flags.port)
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
}

if (!existsSync(join(root, 'node_modules'))) {
  const home = demoCheckout()
  run(process.execPath, [join(home, 'scripts/demo.js'), ...process.argv.slice(2)], { cwd: home })
  process.exit()
}
if (!flags['no-package']) run('npm', ['run', 'build', '--silent'])

const app = join(root, 'playground/attack')
const out = join(app, 'dist')
const { build, loadConfigFromFile, runnerImport } = await import('vite')
const { fillTemplate } = (await runnerImport(join(app, 'template.ts'))).module
const { cspHashes } = await import('../dist/index.js')

const { config } = await loadConfigFromFile({ command: 'build', mode: 'production' }, undefined, app)
const others = config.plugins.filter((plugin) => plugin.name !== 'vite-plugin-csp-hashes')
const buildInto = (name, settings, plugins) =>
  build({
    ...settings,
    configFile: false,
    logLevel: 'warn',
    build: { ...settings.build, outDir: join(out, name), emptyOutDir: true },
    plugins,
  })
// WebKit takes no source without a scheme, so an IP address has to be named for it.
const options = { origin: 'http://127.0.0.1:*' }
await buildInto('without', { ...config, root: app }, others)
await buildInto('with', { ...config, root: app }, [...others, cspHashes(options)])
await buildInto('demo', { root: join(app, 'demo') }, [cspHashes(options)])

const explained = execFileSync(
  process.execPath,
  [
    join(root, 'dist/cli.js'),
    'explain',
    'index.html',
    join(out, 'with'),
    '--json',
    '--origin',
    options.origin,
  ],
  { cwd: out, encoding: 'utf8' },
)
const titles = { main: 'The policy', fence: 'The fence, a second policy that keeps other origins out' }
const policies = JSON.parse(explained).policies.map(({ role, directives }) => ({
  title: titles[role],
  directives: directives.map(({ name, sources }) => ({
    name,
    sources: sources.map(({ expression, reason }) => ({ expression, why: reason })),
  })),
}))
for (const { title, directives } of policies) {
  console.log(`\n\u001B[1m${title}\u001B[22m`)
  for (const { name, sources } of directives)
    console.log(`  ${name} ${sources.map(({ expression }) => expression).join(' ')}`)
}

if (flags['build-only']) process.exit(0)

/** Answers with the files of a folder; `fill` is what a server does to a page. */
function site(folder, fill = (html) => html) {
  return (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    const path = normalize(url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname)
    let body
    try {
      body = readFileSync(join(out, folder, path))
    } catch {
      return response.writeHead(404).end()
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(path === '/index.html' ? fill(body.toString(), url.searchParams) : body)
  }
}

const ports = { demo: firstPort, without: firstPort + 1, with: firstPort + 2, evil: firstPort + 3 }
const demo = site('demo')
const servers = {
  demo: (request, response) =>
    request.url === '/demo.json'
      ? response
          .writeHead(200, { 'content-type': TYPES['.json'] })
          .end(JSON.stringify({ ...ports, policies }))
      : demo(request, response),
  without: site('without', fillTemplate),
  with: site('with', fillTemplate),
  evil: (_, response) =>
    response
      .writeHead(200, { 'content-type': TYPES['.js'], 'access-control-allow-origin': '*' })
      .end("alert('the script of another host')"),
}

for (const [name, port] of Object.entries(ports))
  for (const host of ['127.0.0.1', '::1'])
    createServer(servers[name])
      .on('error', (error) => {
        // A machine without IPv6 has no ::1.
        if (error.code === 'EADDRNOTAVAIL') return
        const why =
          error.code === 'EADDRINUSE' ? `Port ${port} is in use; stop what listens there.` : error.message
        console.error(why)
        process.exit(1)
      })
      .listen(port, host)
console.log(`\nOpen http://localhost:${ports.demo} and press the buttons (Ctrl-C ends it).`)
