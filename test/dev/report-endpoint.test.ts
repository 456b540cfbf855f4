import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Violation } from '../../src/core/violations/violation.ts'
import { ReportEndpoint } from '../../src/dev/report-endpoint.ts'

const REPORT = JSON.stringify({
  'csp-report': { 'effective-directive': 'img-src', 'blocked-uri': 'https://a.example/' },
})

let [taken, time]: [Violation[], number] = [[], 0]
let warned: string[] = []
let [server, endpoint]: [Server, ReportEndpoint] = [] as never
let host: string

beforeEach(async () => {
  ;[taken, time, warned] = [[], 0, []]
  endpoint = new ReportEndpoint(
    (violations) => taken.push(...violations),
    (message) => warned.push(message),
    () => time,
  )
  server = createServer((one, response) => endpoint.handle(one, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  return new Promise((closed) => server.close(closed))
})

const headers = (): Record<string, string> => ({
  origin: `http://${host}`,
  'content-type': 'application/csp-report',
})

function send(
  body: string,
  given: Record<string, string> = headers(),
  method = 'POST',
): Promise<number | undefined> {
  return new Promise((done) => {
    const asked = request(`http://${host}/`, { method, headers: given }, (response) => {
      response.resume()
      done(response.statusCode)
    })
    // The connection is closed under a body that is too large.
    asked.on('error', () => done(undefined))
    asked.end(body)
  })
}

describe('the endpoint for reports', () => {
  it('reads what a page of the server itself sends', async () => {
    expect(await send(REPORT)).toBe(204)
    expect(
      await send(REPORT, { 'sec-fetch-site': 'same-origin', 'content-type': 'application/reports+json' }),
    ).toBe(204)
    expect(taken.map(({ directive }) => directive)).toEqual(['img-src', 'img-src'])
  })

  it.each([
    ['another origin', { origin: 'https://evil.example', 'content-type': 'application/csp-report' }],
    ['no origin at all', { 'content-type': 'application/csp-report' }],
    ['an opaque origin', { origin: 'null', 'content-type': 'application/csp-report' }],
    ['another site', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/csp-report' }],
  ])('refuses %s', async (_, given) => {
    expect(await send(REPORT, given)).toBe(403)
    expect(taken).toEqual([])
  })

  it('refuses what a form could send, other methods, and takes no harm from what is no JSON', async () => {
    expect(await send(REPORT, { ...headers(), 'content-type': 'text/plain' })).toBe(415)
    expect(await send('', headers(), 'GET')).toBe(405)
    expect(await send('{', headers())).toBe(204)
    expect(taken).toEqual([])
  })

  it('reads no body that is too large, announced or not', async () => {
    const large = 'x'.repeat(70_000)
    expect(await send(large)).not.toBe(204)
    expect(await send(large, { ...headers(), 'transfer-encoding': 'chunked' })).not.toBe(204)
    expect(await send(REPORT)).toBe(204)
    expect(taken).toHaveLength(1)
  })

  it('reads 50 reports in a second, and the next ones in the next', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(REPORT)))
    expect(answers.filter((status) => status === 204)).toHaveLength(50)
    expect(answers.filter((status) => status === 429)).toHaveLength(150)
    time += 1000
    expect(await send(REPORT)).toBe(204)
    expect(taken).toHaveLength(51)
    expect(warned).toEqual([])
    await expect.poll(() => warned, { timeout: 5000 }).toEqual([expect.stringMatching(/^150 reports /)])
  })
})
