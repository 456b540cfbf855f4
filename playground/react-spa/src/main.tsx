import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { Layout, Loading } from './Layout.tsx'
import { Notes } from './views/Notes.tsx'
import { Today } from './views/Today.tsx'
import './style.css'

const router = createBrowserRouter(
  [
    {
      path: '/',
      Component: Layout,
      HydrateFallback: Loading,
      children: [
        { index: true, Component: Today },
        { path: 'tides', lazy: async () => ({ Component: (await import('./views/Tides.tsx')).Tides }) },
        { path: 'moon', lazy: async () => ({ Component: (await import('./views/Moon.tsx')).Moon }) },
        { path: 'notes', Component: Notes, loader: async () => (await import('./notes.ts')).notes },
      ],
    },
  ],
  { basename: new URL(import.meta.env.BASE_URL, location.href).pathname },
)

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  )
}
