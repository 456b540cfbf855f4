export { svelte } from '@sveltejs/vite-plugin-svelte'
export { default as react } from '@vitejs/plugin-react'
export { default as vue } from '@vitejs/plugin-vue'
