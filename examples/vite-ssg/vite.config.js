import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [vue(), cspHashes()],
})
