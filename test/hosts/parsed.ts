import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { SaxesParser } from 'saxes'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { amplify } from '../../src/outputs/amplify.ts'
import { cloudfront } from '../../src/outputs/cloudfront.ts'
import { iis } from '../../src/outputs/iis.ts'
import type { Output } from '../../src/outputs/output.ts'
import { staticWebServer } from '../../src/outputs/static-web-server.ts'
import type { Host } from './host.ts'

/** Headers by lower-case name. */
type Sent = ReadonlyMap<string, string>

/**
 * Hosts that cannot be run here. Their files are read by a real parser of the format, and applied as their documents (or
 * their source) say.
 */
function parsedHost(
  name: string,
  output: Output,
  own: NonNullable<Host['ownFile']>,
  headersOf: (
    text: string,
    path: string,
    read: (file: string) => string | undefined,
  ) => Iterable<[string, string]>,
): Host {
  return {
    name,
    output,
    ownFile: own,
    async start({ site, project }) {
      const read = (file: string): string | undefined => {
        const path = join(own.root === 'site' ? site : project, file)
        return existsSync(path) ? readFileSync(path, 'utf8') : undefined
      }
      return {
        async get(path) {
          const text = read(own.path)
          const fields = text === undefined ? [] : [...headersOf(text, path, read)]
          const headers: Sent = new Map(fields.map(([key, value]) => [key.toLowerCase(), value]))
          return [{ status: undefined, headers }]
        },
        async stop() {},
      }
    },
  }
}

interface Pair {
  readonly key: string
  readonly value: string
}

export const amplifyHost = parsedHost(
  'AWS Amplify',
  amplify,
  { root: 'project', path: 'customHttp.yml' },
  (text, path) => {
    const { customHeaders } = parseYaml(text) as {
      customHeaders: readonly { readonly pattern: string; readonly headers: readonly Pair[] }[]
    }
    return customHeaders
      .filter(({ pattern }) => pattern === '**' || pattern === path)
      .flatMap(({ headers }) => headers.map(({ key, value }): [string, string] => [key, value]))
  },
)

/** The server compares the path as it is sent, with the name of the file behind a folder; the last rule wins. */
export const staticWebServerHost = parsedHost(
  'Static Web Server',
  staticWebServer,
  { root: 'project', path: 'sws.toml' },
  (text, path) => {
    const { advanced } = parseToml(text) as unknown as {
      advanced: { headers: readonly { readonly source: string; readonly headers: Record<string, string> }[] }
    }
    const asked = path.endsWith('/') ? `${path}index.html` : path
    const matches = (source: string): boolean =>
      source === '**' || source.replace('{/,//}', '/').replaceAll(/\[(.)\]/g, '$1') === asked
    return advanced.headers
      .filter(({ source }) => matches(source))
      .flatMap(({ headers }) => Object.entries(headers))
  },
)

export const iisHost = parsedHost('IIS', iis, { root: 'site', path: 'web.config' }, (text) => {
  const open: string[] = []
  const sent = new Map<string, string>()
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    open.push(name)
    const place = open.join('/')
    const header = String(attributes['name']).toLowerCase()
    const entries = 'configuration/system.webServer/httpProtocol/customHeaders'
    if (place === `${entries}/clear`) sent.clear()
    if (place === `${entries}/remove`) sent.delete(header)
    if (place !== `${entries}/add`) return
    if (sent.has(header)) throw new Error(`500.19: ${header} is added twice`)
    sent.set(header, String(attributes['value']))
  })
  parser.on('closetag', () => void open.pop())
  parser.on('error', (error) => {
    throw error
  })
  parser.write(text.replace(/^\uFEFF/, '')).close()
  return sent
})

interface PolicyConfig {
  readonly SecurityHeadersConfig?: {
    readonly ContentSecurityPolicy?: { readonly ContentSecurityPolicy: string; readonly Override: boolean }
    readonly ContentTypeOptions?: { readonly Override: boolean }
  }
  readonly CustomHeadersConfig?: {
    readonly Quantity: number
    readonly Items: readonly { readonly Header: string; readonly Value: string }[]
  }
}

/** The policy's headers, then the function: it runs with what the language has, and with nothing of Node. */
export const cloudfrontHost = parsedHost(
  'CloudFront',
  cloudfront,
  { root: 'project', path: 'csp-hashes.cloudfront.json' },
  (text, uri, read) => {
    const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = JSON.parse(text) as PolicyConfig
    const policy = security?.ContentSecurityPolicy?.ContentSecurityPolicy
    const headers: Record<string, { value: string }> = {}
    if (policy !== undefined) headers['content-security-policy'] = { value: policy }
    if (security?.ContentTypeOptions) headers['x-content-type-options'] = { value: 'nosniff' }
    if (custom && custom.Quantity !== custom.Items.length)
      throw new Error('Quantity is not the number of items')
    for (const { Header, Value } of custom?.Items ?? []) headers[Header.toLowerCase()] = { value: Value }
    const code = read('csp-hashes.cloudfront.js')
    const event = { request: { uri }, response: { statusCode: 200, headers } }
    const context = createContext({ given: JSON.stringify(event) })
    const response = code
      ? (JSON.parse(
          String(runInContext(`${code}; JSON.stringify(handler(JSON.parse(given)))`, context)),
        ) as typeof event.response)
      : event.response
    return Object.entries(response.headers).map(([name, { value }]): [string, string] => [name, value])
  },
)
