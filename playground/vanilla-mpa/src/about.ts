import { onPress, show, startPage } from './page.ts'

onPress('fact', async () => show('fact', (await import('./fact.ts')).fact))
startPage()
