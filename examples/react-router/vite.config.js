import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [reactRouter(), cspHashes({ output: ['meta', 'netlify'] })],
})
