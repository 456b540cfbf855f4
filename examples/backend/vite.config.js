import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  base: '/build/',
  build: { manifest: true, outDir: 'public/build', rollupOptions: { input: 'src/main.js' } },
  publicDir: false,
  plugins: [cspHashes()],
})
