import { array, assert, constantFrom, integer, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlainHead } from '../../src/verify/plain-head.ts'
import { readPage } from '../../src/verify/read-page.ts'
import { runs } from '../properties/arbitrary.ts'

const META = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">`

const withoutPlace = (items: readonly object[]) => items.map((item) => ({ ...item, at: undefined }))

/** What the parser reads up to the last of so many policies in the head. */
function parsed(html: string, policies: number) {
  const items = readPage(html)
  const governing = items.filter((item) => item.kind === 'policy' && item.inHead)
  const last = governing[policies - 1]
  return last && withoutPlace(items.slice(0, items.indexOf(last) + 1))
}

describe('readPlainHead', () => {
  it.each([
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n${META}\n<title>t</title>`,
    `<!DOCTYPE html><html><head data-x class=y><!-- built --><meta charset=UTF-8 />${META}<script>1</script>`,
    `<head><meta name="viewport" content="width=device-width, initial-scale=1"/>${META}`,
    `<head>\r\n<META HTTP-EQUIV="Content-Security-Policy" CONTENT="script-src 'self'" content="x">`,
    `<head><meta content="a" content="b" http-equiv=Content-Security-Policy><script>1</script>`,
  ])('reads %s as the parser does', (html) => {
    const items = readPlainHead(html, 1)
    expect(items).toBeDefined()
    expect(withoutPlace(items!)).toEqual(parsed(html, 1))
  })

  it.each([
    META,
    `<head><title>t</title>${META}`,
    `<head><script>1</script>${META}`,
    `<head>text${META}`,
    `<head><!--><script>1</script>-->${META}`,
    `<head><!-- > -->${META}`,
    `<head><noscript></noscript>${META}`,
    `<head><meta http-equiv="Content-Security-Policy" content="script-src &apos;none&apos;">`,
    `<head><meta http-equiv="Content-Security-Policy" content='x'>`,
    `<head></head>${META}`,
  ])('leaves %s to the parser', (html) => {
    expect(readPlainHead(html, 1)).toBeUndefined()
  })

  it('never reads anything else than the parser', () => {
    const piece = constantFrom(
      '<!doctype html>',
      '<html>',
      '<html lang="x">',
      '<head>',
      '<head\n>',
      '</head>',
      '<body>',
      '<title>t</title>',
      '<meta charset="utf-8">',
      '<meta charset=utf-8/>',
      META,
      META.replace('>', ' data-csp-hashes>'),
      '<meta',
      ' content="',
      'content=x',
      '"',
      "'",
      '>',
      '/>',
      '<',
      '<!--',
      '-->',
      '--',
      '!',
      '-',
      '=',
      '&amp;',
      ' ',
      '\n',
      '\r\n',
      '\f',
      '\0',
      'x',
      ' http-equiv="content-security-policy"',
      ' content="script-src *"',
    )
    const begun = constantFrom('', '<head>', '<!doctype html><html><head>')
    const page = tuple(begun, array(piece, { maxLength: 8 })).map(([a, b]) => a + b.join(''))
    let read = 0
    assert(
      property(page, integer({ min: 1, max: 2 }), (html, policies) => {
        const items = readPlainHead(html, policies)
        if (!items) return
        read++
        expect(withoutPlace(items)).toEqual(parsed(html, policies))
      }),
      runs(20_000),
    )
    expect(read).toBeGreaterThan(100)
  })
})
