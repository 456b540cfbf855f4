import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  // Each page gets a policy of its own.
  build: { rollupOptions: { input: ['index.html', 'about/index.html'] } },
  plugins: [cspHashes()],
})
