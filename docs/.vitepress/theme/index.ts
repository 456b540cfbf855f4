import DefaultTheme from 'vitepress/theme'
// oxlint-disable-next-line import/no-unassigned-import -- a stylesheet
import './contrast.css'

export default DefaultTheme
