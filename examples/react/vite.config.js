import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [react(), cspHashes()],
})
