import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [sveltekit({ adapter: adapter() }), cspHashes()],
})
