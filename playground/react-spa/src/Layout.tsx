import { useEffect, useState } from 'react'
import { NavLink, Outlet, useNavigation } from 'react-router'
import buoy from './assets/buoy.svg'
import { readHarbour } from './harbour.ts'

const views = [
  { to: '/', name: 'today', label: 'Today' },
  { to: '/tides', name: 'tides', label: 'Tides' },
  { to: '/moon', name: 'moon', label: 'Moon' },
  { to: '/notes', name: 'notes', label: 'Notes' },
]

function toggleTheme() {
  const { dataset } = document.documentElement
  dataset['theme'] = dataset['theme'] === 'dark' ? 'light' : 'dark'
  localStorage.setItem('tidebook-theme', dataset['theme'])
}

export function Loading() {
  return <p className="loading">Reading the almanac …</p>
}

export function Layout() {
  const [ready, setReady] = useState(false)
  const { state } = useNavigation()
  useEffect(() => setReady(true), [])
  return (
    <div className="page" {...(ready && { 'data-ready': '' })}>
      <header>
        <img src={buoy} alt="" width="36" height="36" />
        <h1>Tidebook</h1>
        <span className="harbour" data-data>
          {readHarbour().name}
        </span>
        <button type="button" className="theme" onClick={toggleTheme} aria-label="Light or dark">
          ◐
        </button>
      </header>
      <nav>
        {views.map(({ to, name, label }) => (
          <NavLink key={name} to={to} data-to={name} end>
            {label}
          </NavLink>
        ))}
      </nav>
      <main aria-busy={state !== 'idle'}>
        <Outlet />
      </main>
    </div>
  )
}
