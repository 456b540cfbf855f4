import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'
import { fillTemplate } from './template.ts'

/** Serves `index.html` through the careless template, so that `vite preview` can be attacked by hand. */
const carelessServer = (): Plugin => ({
  name: 'careless-server',
  configurePreviewServer({ middlewares, config }) {
    middlewares.use((request, response, next) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      if (url.pathname !== '/' && url.pathname !== '/index.html') return next()
      const html = readFileSync(join(config.root, config.build.outDir, 'index.html'), 'utf8')
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(fillTemplate(html, url.searchParams))
    })
  },
})

export default defineConfig({
  appType: 'mpa',
  build: { rolldownOptions: { input: ['index.html', 'dom.html'] } },
  plugins: [cspHashes(), carelessServer()],
})
