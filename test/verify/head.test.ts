import { describe, expect, it } from 'vitest'
import { verifyHead } from '../../src/verify/index.ts'

const META = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">`
const codes = (html: string, metas: number): string[] =>
  verifyHead('index.html', html, metas).map(({ code }) => code)

describe('verifyHead', () => {
  it.each([
    ['right behind the charset', `<!doctype html><head><meta charset=utf-8>${META}<title>t</title>`, 1],
    ['twice', `<head>${META}${META}<script>1</script>`, 2],
    ['in a head that the parser makes up', `<!doctype html>${META}<script>1</script>`, 1],
    ['no meta, and none expected', '<head><script>1</script></head>', 0],
    ['behind a comment that looks like it', `<!-- ${META} --><head>${META}<script>1</script>`, 1],
    ['with a second policy of another author behind content', `<head>${META}<script>1</script>${META}`, 1],
    ['without any charset', `<head>${META}<p>x`, 1],
  ])('accepts a policy %s', (_, html, metas) => {
    expect(codes(html, metas)).toEqual([])
  })

  it.each([
    ['in the body', `<head>;${META}<script>1</script>`, 1, ['policy-missing', 'policy-in-body']],
    ['that is missing', '<head><script>1</script>', 1, ['policy-missing']],
    ['of which one is missing', `<head>${META}`, 2, ['policy-missing']],
    ['behind a script', `<head><script>1</script>${META}`, 1, ['policy-after-content']],
    ['in a comment', `<head><!-- ${META} --><script>1</script>`, 1, ['policy-missing']],
    ['in a template', `<head><template>${META}</template><script>1</script>`, 1, ['policy-missing']],
    [
      'before a late charset',
      `<head>${META}<title>${'t'.repeat(1024)}</title><meta charset=utf-8>`,
      1,
      ['charset-late'],
    ],
    ['with a source that is none', `<head>${META.replace("'none'", "'nope'")}`, 1, ['source-invalid']],
  ])('refuses a policy %s', (_, html, metas, expected) => {
    expect(codes(html, metas)).toEqual(expected)
  })
})
