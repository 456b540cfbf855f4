import { ViteSSG } from 'vite-ssg'
import App from './App.vue'
import HomePage from './HomePage.vue'

export const createApp = ViteSSG(
  App,
  {
    routes: [
      { path: '/', component: HomePage },
      { path: '/tides', component: () => import('./TidesPage.vue') },
    ],
  },
  ({ initialState }) => {
    initialState.harbour = 'open'
  },
)
