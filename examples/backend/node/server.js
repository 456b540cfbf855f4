// node node/server.js 8000
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'

const csp = JSON.parse(readFileSync('public/build/.vite/csp-hashes.json', 'utf8'))
const page = csp.entries['src/main.js']
const types = { js: 'text/javascript', css: 'text/css' }

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (/^\/build\/assets\/[\w.-]+\.(?:js|css)$/.test(pathname)) {
    response.setHeader('Content-Type', types[pathname.split('.').at(-1)])
    return response.end(readFileSync(`public${pathname}`))
  }
  if (pathname !== '/') return response.writeHead(404).end()
  const nonce = randomBytes(16).toString('base64')
  const user = JSON.stringify({ name: searchParams.get('name') ?? 'you' }).replaceAll('<', '\\u003c')
  for (const { name, value } of page.nonceHeaders)
    response.setHeader(name, value.replaceAll(csp.nonce, nonce))
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Node</title>
${page.importMap?.tag ?? ''}
<script nonce="${nonce}">user = ${user}</script>
${page.tags}
</head>
<body><main id="app"></main></body>
</html>`)
}).listen(Number(process.argv[2]), '127.0.0.1')
