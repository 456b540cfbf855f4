/** The maximum size of a response, in bytes after decompression. */
const LARGEST = 64 * 1024 * 1024
/** The maximum total size of all responses of a run. */
const LARGEST_RUN = 1024 * 1024 * 1024
const TIMEOUT = 30_000
const MOST_REDIRECTS = 10
const AT_ONCE = 8

/** Which redirects to follow: the first page may redirect anywhere, everything else must stay on its origin. */
export type Redirects = 'anywhere' | 'same-origin'

export interface Answer {
  readonly kind: 'answer'
  /** The URL after all redirects. */
  readonly url: string
  readonly status: number
  readonly bytes: Uint8Array
  readonly headers: readonly (readonly [string, string])[]
}

export interface Failure {
  readonly kind: 'failure'
  /** Completes "… cannot be read: ". */
  readonly why: string
}

const WHY: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no server has this name',
  EAI_AGAIN: 'the name cannot be looked up at the moment',
  ECONNREFUSED: 'no server listens there',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  UND_ERR_SOCKET: 'the server closed the connection before the answer was complete',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not accept the connection',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are longer than Node reads (16 kB)',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its length is not what its Content-Length says',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  EPROTO: 'the server does not speak TLS there; try http://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there; try http://',
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/

function whyOf(error: unknown): string {
  const { name = '', cause } = error instanceof Error ? error : {}
  if (name === 'TimeoutError') return `there was no complete answer within ${TIMEOUT / 1000} s`
  const { code = '', message = '' } = (cause ?? error) as { code?: string; message?: string }
  if (CERTIFICATE.test(code))
    return `its certificate is not trusted (${code}); if it is one of your own, set NODE_EXTRA_CA_CERTS`
  if (code.startsWith('HPE_')) return `the server does not speak HTTP there (${code})`
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT'))
    return 'its compressed content is damaged'
  return WHY[code] ?? (code === '' ? message : `${message} (${code})`)
}

/** Fetches from servers we do not trust, so size, time, redirects and concurrent requests are limited. */
export class Downloads {
  private received = 0

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** @throws the reason with which the signal was aborted */
  async get(url: string, redirects: Redirects): Promise<Answer | Failure> {
    try {
      return await this.follow(url, redirects)
    } catch (error) {
      this.signal?.throwIfAborted()
      return { kind: 'failure', why: whyOf(error) }
    }
  }

  /** Starts downloads in order, a few at a time. */
  async all(urls: Iterable<string>, done: (url: string, result: Answer | Failure) => void): Promise<void> {
    const rest = urls[Symbol.iterator]()
    const work = async (): Promise<void> => {
      for (let next = rest.next(); !next.done; next = rest.next())
        done(next.value, await this.get(next.value, 'same-origin'))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }

  private async follow(from: string, redirects: Redirects): Promise<Answer | Failure> {
    const timeout = AbortSignal.timeout(TIMEOUT)
    const signal = this.signal ? AbortSignal.any([this.signal, timeout]) : timeout
    let url = new URL(from)
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const response = await fetch(url.href, {
        signal,
        redirect: 'manual',
        // Some CDNs modify pages only for user agents that look like a browser.
        headers: { accept: 'text/html,*/*', 'user-agent': 'Mozilla/5.0 (compatible; csp-hashes verify)' },
      })
      if (![301, 302, 303, 307, 308].includes(response.status)) return this.read(response, url.href)
      await response.body?.cancel()
      const target = response.headers.get('location')
      if (target === null || !URL.canParse(target, url.href))
        return { kind: 'failure', why: `the server redirects (${response.status}) without a usable Location` }
      const next = new URL(target, url.href)
      if (!/^https?:$/.test(next.protocol))
        return { kind: 'failure', why: `the server redirects to ${next.protocol}, which is not fetched` }
      if (redirects === 'same-origin' && next.origin !== url.origin)
        return { kind: 'failure', why: `the server redirects to another origin, ${next.origin}` }
      url = next
    }
    return { kind: 'failure', why: `the server redirects more than ${MOST_REDIRECTS} times` }
  }

  /** A small compressed response may unpack to gigabytes, so check the size while it arrives. */
  private async read(response: Response, url: string): Promise<Answer | Failure> {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      this.received += chunk.length
      // Leaving the loop cancels the rest of the download.
      if (length > LARGEST) return { kind: 'failure', why: `it is larger than ${LARGEST / 2 ** 20} MiB` }
      if (this.received > LARGEST_RUN)
        return { kind: 'failure', why: `more than ${LARGEST_RUN / 2 ** 30} GiB was read by then` }
      chunks.push(chunk)
    }
    return {
      kind: 'answer',
      url,
      status: response.status,
      bytes: Buffer.concat(chunks),
      headers: [...response.headers],
    }
  }
}
