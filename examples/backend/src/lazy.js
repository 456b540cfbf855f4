import './lazy.css'

export const tide = 'high'
