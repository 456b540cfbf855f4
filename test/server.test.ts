import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Server } from 'node:http'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { json } from '../src/outputs/json.ts'
import { connect, headersFrom, type PolicyFile, wrapFetch } from '../src/server.ts'
import { deliveryOf, hashOf, policiesFor } from './outputs/policies.ts'

/** What is used of Express, which has no types of its own. */
interface Router {
  use(...handlers: unknown[]): void
  get(path: RegExp, handler: (request: unknown, response: { send(text: string): void }) => void): void
  listen(port: number, host: string): Server
}
const require = createRequire(import.meta.url)
const express = require('express') as { (): Router; Router(): Router }

const [file] = json.deliver(
  deliveryOf({
    outputs: ['json'],
    base: '/sub/',
    pages: [
      { path: 'index.html', policies: policiesFor(['one']) },
      { path: 'blog/café.html', policies: policiesFor(['two']) },
    ],
  }),
).files!
const text = file!.content
const headersFor = headersFrom(text)
const CSP = 'Content-Security-Policy'

/** Which pages' scripts a policy lets run. */
const lets = (policy: string | null | undefined): string[] =>
  ['one', 'two'].filter((script) => policy?.includes(hashOf(script)))

const PATHS: readonly (readonly [path: string, scripts: readonly string[]])[] = [
  ['/sub/', ['one']],
  ['/sub/index.html?x#y', ['one']],
  ['/sub/blog/caf%C3%A9', ['two']],
  // What is no page, or one under an alias, gets the union: every page runs under it.
  ['/sub/assets/x.js', ['one', 'two']],
  ['/sub//blog/caf%C3%A9', ['one', 'two']],
  ['/%73ub/', ['one', 'two']],
  ['', ['one', 'two']],
]

describe('headersFrom', () => {
  it.each(PATHS)('%s', (path, scripts) => {
    expect(lets(headersFor(path)[CSP])).toEqual(scripts)
  })

  it('takes the parsed file as well', () => {
    expect(headersFrom(JSON.parse(text) as PolicyFile)('/sub/')).toEqual(headersFor('/sub/'))
  })

  it.each(['{"version":2,"union":{"headers":[]},"pages":[]}', '{}'])('refuses %s', (other) => {
    expect(() => headersFrom(other)).toThrow(TypeError)
  })
})

describe('connect', () => {
  it('gives every answer of Express its headers, below a mount too', async () => {
    const app = express()
    const below = express.Router()
    below.use(connect(headersFor))
    below.get(/.*/, (_request, response) => void response.send('page'))
    app.use('/sub', below)
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    for (const [path, scripts] of PATHS.filter(([one]) => one.startsWith('/sub'))) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      expect([path, await response.text(), lets(response.headers.get(CSP))]).toEqual([path, 'page', scripts])
    }
    server.close()
  })
})

describe('wrapFetch', () => {
  const app = new Hono().get('/sub/*', (context) => context.text('page'))

  it('gives every answer of Hono its headers', async () => {
    const handle = wrapFetch(headersFor, app.fetch)
    for (const [path, scripts] of PATHS) {
      const response = await handle(new Request(`http://localhost${path}`))
      expect([path, lets(response.headers.get(CSP))]).toEqual([path, scripts])
    }
    expect(await (await handle(new Request('http://localhost/sub/'))).text()).toBe('page')
    expect((await handle(new Request('http://localhost/no'))).status).toBe(404)
  })

  it('passes on what a runtime hands over, and answers whose headers cannot be changed', async () => {
    const handle = wrapFetch(headersFor, (_request, env: string) => Response.json({ env }))
    expect(await (await handle(new Request('http://localhost/sub/'), 'bindings')).json()).toEqual({
      env: 'bindings',
    })
    const redirect = wrapFetch(headersFor, () => Response.redirect('http://localhost/sub/', 302))
    const response = await redirect(new Request('http://localhost/sub/'))
    expect([response.status, lets(response.headers.get(CSP))]).toEqual([302, ['one']])
  })
})
