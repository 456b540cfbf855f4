import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [cspHashes({ output: 'netlify', preset: 'basic' })],
})
