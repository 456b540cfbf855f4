import { defineConfig } from 'vite'
import legacy from '@vitejs/plugin-legacy'
import { cspHashes } from 'vite-plugin-csp-hashes'

export default defineConfig({
  plugins: [
    legacy(),
    // SystemJS has an `eval` for modules that come as text. Vite makes none.
    cspHashes({ findings: { 'eval-used': 'off' } }),
  ],
})
