import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [react(), cspHashes()],
})
