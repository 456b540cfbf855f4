import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [VitePWA({ registerType: 'autoUpdate', manifest: { name: 'Harbour', icons: [] } }), cspHashes()],
})
