import { describe, expect, it } from 'vitest'
import { secured } from './secured.ts'

describe('the policy stands in the head, before anything that it governs', () => {
  it.each([
    [
      'text before the charset',
      '<!doctype html><html><head><title>t</title>;<meta charset="utf-8"><script>1</script>',
    ],
    ['U+FEFF in the head', '<!doctype html><html><head>\uFEFF<meta charset=utf-8><script>1</script>'],
    [
      'an end tag that closes the head',
      '<!doctype html><head></head><p>x</p><meta charset=utf-8><script>1</script>',
    ],
    ['a stray end tag', '<!doctype html><html><head></br><meta charset=utf-8><script>1</script>'],
    [
      'a body that is opened early',
      '<!doctype html><html><body><head><meta charset=utf-8><script>1</script>',
    ],
    ['text before the doctype', 'x<!doctype html><html><head><meta charset=utf-8><script>1</script>'],
    ['a NUL before the charset', '<!doctype html><html><head>\0<meta charset=utf-8><script>1</script>'],
    [
      'an unknown element before the charset',
      '<!doctype html><html><head><x-a></x-a><meta charset=utf-8><script>1</script>',
    ],
    [
      'a charset after the body',
      '<html><head></head><body><script>1</script></body></html><meta charset=utf-8>',
    ],
  ])('%s', (_, html) => {
    const { refusals, html: result, again } = secured(html)
    expect(refusals).toEqual([])
    expect(again).toBe(result)
  })

  it.each([
    ['a title', '<title>{{ injected }}</title>'],
    ['a comment', '<!-- {{ injected }} -->'],
    ['another meta', '<meta name=description content="{{ injected }}">'],
    ['an empty title', '<title></title>'],
  ])('before %s that stands before the charset', (_, before) => {
    const html = `<!doctype html><html><head>\n${before}\n<meta charset=utf-8>\n<script>1</script>`
    const { html: result, refusals } = secured(html)
    expect(refusals).toEqual([])
    expect(result.indexOf('Content-Security-Policy')).toBeLessThan(result.indexOf(before))
  })

  it('behind a charset that comes first, with nothing but white space before it', () => {
    const { html } = secured(
      '<!doctype html><html><head>\n  <meta charset=utf-8>\n  <title>t</title><script>1</script>',
    )
    expect(html).toMatch(/<head>\n {2}<meta charset=utf-8>\n {2}<meta http-equiv="Content-Security-Policy"/)
  })
})

describe('the charset stays where browsers look for it', () => {
  const links = '<link rel=stylesheet href=a.css>'

  it.each([
    ['eight stylesheets before it, which gain integrity', links.repeat(8)],
    ['a title of a thousand bytes before it', `<title>${'t'.repeat(990)}</title>`],
    ['an import map of ours before it', '<script type=module src=x.js></script>'],
  ])('%s', (_, before) => {
    const { html, refusals, again } = secured(`<!doctype html><html><head>${before}<meta charset=utf-8>`)
    expect(refusals).toEqual([])
    expect(again).toBe(html)
  })

  it('without a copy where there is room for all', () => {
    const { html, again } = secured(`<!doctype html><html><head>${links}<meta charset=utf-8>`)
    expect(html.match(/charset/g)).toHaveLength(1)
    expect(again).toBe(html)
  })
})
