import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'Harbour',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    sidebar: [
      { text: 'Harbour', link: '/' },
      { text: 'Tides', link: '/tides' },
    ],
  },
})
