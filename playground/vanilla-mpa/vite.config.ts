import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  appType: 'mpa',
  build: {
    rolldownOptions: { input: ['index.html', 'gallery.html', 'about/index.html', 'colophon.html'] },
  },
  plugins: [cspHashes()],
})
