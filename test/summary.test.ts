import { describe, expect, it } from 'vitest'
import { finding } from '../src/core/findings/index.ts'
import { type Message, messagesText, messageTexts } from '../src/summary.ts'

const command = { door: 'command', verbose: false } as const
const plugin = { door: 'plugin', verbose: false } as const

const lines = (text: string): number => text.split('\n').length
const source = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n')
const evalAt = (index: number) =>
  finding(
    'inline-handler',
    { element: `b${index}`, name: 'onclick' },
    { file: `p${index}.html`, source, offset: index * 3 },
  )
const missing = (index: number) =>
  finding('file-missing', { url: `/a${index}.js` }, { file: 'index.html', source, offset: index })

describe('findings as text', () => {
  it('are one text, one frame and the other places where the remedy is the same', () => {
    const text = messagesText(
      Array.from({ length: 16 }, (_, index) => evalAt(index)),
      command,
    )
    expect(text.match(/\[inline-handler\]/g)).toHaveLength(1)
    expect(text.match(/\^/g)).toHaveLength(1)
    expect(text).toContain('Also at p1.html:1:4, p2.html:1:7, p3.html:2:3 and 12 more places.')
    expect(lines(text)).toBeLessThan(12)
  })

  it('keep findings apart that have no place to tell them apart', () => {
    const links = ['a', 'b'].map((path) => finding('link-loop', { path }))
    expect(messagesText(links, command).match(/link-loop\]/g)).toHaveLength(2)
  })

  it('take no more than 60 lines, and say how to see the rest', () => {
    const many = [...Array.from({ length: 90 }, (_, index) => missing(index)), evalAt(1)]
    const text = messagesText(many, command)
    expect(lines(text)).toBeLessThanOrEqual(60)
    expect(text).toMatch(/… and \d+ file-missing, 1 inline-handler\. --verbose prints everything\.$/)
    const all = messagesText(many, { ...command, verbose: true })
    for (const { message } of many) expect(all).toContain(message)
    expect(messagesText(many, plugin)).toMatch(/vite build --debug csp-hashes prints everything\.$/)
  })

  it('begin with the errors, and share one limit', () => {
    const many = [evalAt(0), ...Array.from({ length: 90 }, (_, index) => missing(index))]
    const texts = messageTexts(many, plugin)
    expect([...texts.keys()]).toEqual(['error'])
    expect([...messageTexts([evalAt(0), missing(0)], plugin).keys()]).toEqual(['error', 'warn'])
  })

  it('write options as flags for the command, and as options for a build', () => {
    const found = finding('external-unlisted', { url: 'https://a.example/x.js', key: 'https://a.example' })
    expect(messagesText([found], plugin)).toContain("external: { 'https://a.example': true }")
    expect(messagesText([found], command)).toContain('on trust: --external https://a.example.')
    expect(messagesText([found], command)).toContain('"https://a.example/x.js=sha384-…"')
    expect(messagesText([found], command)).not.toContain('external: {')
    const need = finding('need-blocked', { directive: 'img-src', expression: 'data:', why: 'x' })
    expect(messagesText([need], command)).toContain('--directive "img-src data:"')
  })

  it('have the same form for refusals, which may hold in one engine', () => {
    const refusal: Message = {
      code: 'image-blocked',
      severity: 'error',
      message: 'The image is blocked.',
      location: { file: 'a.html', line: 1, column: 2 },
      context: 'in webkit',
    }
    expect(messagesText([refusal], command)).toBe(
      'error: a.html:1:2 The image is blocked. [image-blocked] (in webkit)',
    )
  })
})
