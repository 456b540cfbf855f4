import { defineConfig } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [svelte(), cspHashes()],
})
