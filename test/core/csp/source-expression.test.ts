import { describe, expect, it } from 'vitest'
import { sourceError } from '../../../src/core/csp/source-expression.ts'

describe('what may stand in a source list', () => {
  it.each([
    "'self'",
    "'strict-dynamic'",
    "'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'",
    "'nonce-abc123=='",
    'https:',
    'data:',
    'https://example.com',
    'https://*.example.com:443/a/b.js',
    'https://*:*/assets/',
    '*:*/assets/',
    'localhost:*/assets/',
    '*',
    'wss://socket.example',
  ])('%s', (source) => {
    expect(sourceError('script-src', source)).toBeUndefined()
  })
})

describe('what may not, with the way out', () => {
  it.each([
    ['self', `write "'self'"`],
    ['"self"', `write "'self'"`],
    ['strict-dynamic', `write "'strict-dynamic'"`],
    ["'slef'", `did you mean "'self'"`],
    ['sha384-oqVuAfXR', `write "'sha384-oqVuAfXR'"`],
    ["'self'; object-src 'none'", 'semicolon'],
    ['https://a.example,https://b.example', 'comma'],
    ["'self'\nX-Evil: 1", 'newline'],
    ["'self' https:", 'white space'],
    ['', 'empty'],
    ['https://bücher.example', 'Punycode'],
    ['http//example.com/x y', 'white space'],
    ['<script>', 'neither a scheme'],
  ])('%j: %s', (source, way) => {
    expect(sourceError('script-src', source)).toContain(way)
  })
})
