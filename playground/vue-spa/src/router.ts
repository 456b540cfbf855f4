import { createRouter, createWebHistory } from 'vue-router'
import Beds from './views/Beds.vue'

export const router = createRouter({
  history: createWebHistory(new URL(import.meta.env.BASE_URL, location.href).pathname),
  routes: [
    { path: '/', name: 'beds', component: Beds },
    { path: '/sow', name: 'sow', component: () => import('./views/Sow.vue') },
    { path: '/harvest', name: 'harvest', component: () => import('./views/Harvest.vue') },
    { path: '/lore', name: 'lore', component: () => import('./views/Lore.vue') },
  ],
})
