import { greet } from './greet.ts'

// The same carelessness in the browser: no server sees it, and no build.
const query = new URLSearchParams(location.search)
document.body.innerHTML = `<main class=${query.get('class') ?? 'class1'}>
  <h1>Choose your look</h1>
  <p>This page is filled in by its own script, which trusts its visitors. <output></output></p>
</main>`

const widget = query.get('widget')
if (widget) document.body.append(Object.assign(document.createElement('script'), { src: widget }))
greet()
