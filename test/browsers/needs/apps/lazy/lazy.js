import './lazy.css'
import { shared } from './shared.js'

export const color = () => shared && getComputedStyle(document.querySelector('p')).color
