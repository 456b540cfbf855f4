import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Marks the place of the nonce in every page until the response gets its own. It has the length of a nonce, so
 * that an already sent `Content-Length` stays correct.
 */
export const NONCE_PLACEHOLDER = 'CspHashesDevNonce000000='

/** A nonce of 128 bits. @see https://www.w3.org/TR/CSP3/#security-nonces */
const freshNonce = (): string => randomBytes(16).toString('base64')

/** Whether a request is for a document. */
export function asksForPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept?.includes('text/html') ?? false)
}

type Header = (html: string, nonce: string) => readonly [name: string, value: string] | undefined

/**
 * Gives a response its own nonce and the matching header, if Vite made its body. Pages of a proxied server or of a
 * framework that renders by itself contain no placeholder and are not changed.
 */
export function withNonce(request: IncomingMessage, response: ServerResponse, headerOf: Header): void {
  // A cached page would contain the nonce of another response.
  delete request.headers['if-none-match']
  const nonce = freshNonce()
  let found = false
  const replaced = (chunk: unknown): unknown => {
    const text = typeof chunk === 'string' ? chunk : Buffer.isBuffer(chunk) ? chunk.toString('latin1') : ''
    if (!text.includes(NONCE_PLACEHOLDER)) return chunk
    const html = text.replaceAll(NONCE_PLACEHOLDER, nonce)
    if (!found && !response.headersSent) {
      found = true
      const header = headerOf(
        typeof chunk === 'string' ? html : Buffer.from(html, 'latin1').toString(),
        nonce,
      )
      if (header) {
        const [name, value] = header
        const present = response.getHeader(name)
        response.setHeader(name, present === undefined ? value : `${String(present)}, ${value}`)
      }
      response.removeHeader('etag')
    }
    return typeof chunk === 'string' ? html : Buffer.from(html, 'latin1')
  }
  const { write, end, writeHead } = response as unknown as Record<'write' | 'end' | 'writeHead', Sink>
  // Only the body shows whether the page needs the header, so delay a head that is written before the body.
  let head: unknown[] | undefined
  let sending = false
  const send = (sink: Sink, [chunk, ...rest]: unknown[]): unknown => {
    const content = replaced(chunk)
    sending = true
    if (head && !response.headersSent) writeHead.apply(response, head)
    return sink.call(response, content, ...rest)
  }
  Object.assign(response, {
    writeHead(...args: unknown[]) {
      if (sending) return writeHead.apply(response, args)
      head = args
      return response
    },
    write: (...args: unknown[]) => send(write, args),
    end: (...args: unknown[]) => send(end, args),
  })
}

type Sink = (this: unknown, ...args: unknown[]) => unknown
