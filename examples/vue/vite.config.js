import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [vue(), cspHashes()],
})
