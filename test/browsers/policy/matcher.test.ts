import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines as modelled } from '../../../src/verify/engines.ts'
import { blocksRequest } from '../../../src/verify/policy-rules.ts'
import { parsePolicy } from '../../../src/verify/source-list.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { type Everywhere, serveEverywhere } from '../everywhere.ts'
import { type Engine, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'

const SELF = 'http://site.example'

/** Sources, and URLs to match against each of them. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  "'self'": [
    'http://site.example/a.svg',
    'https://site.example/a.svg',
    'http://site.example:8080/a.svg',
    'https://site.example:8080/a.svg',
    'http://sub.site.example/a.svg',
  ],
  '*': ['http://other.example/a.svg', 'https://other.example:8443/a.svg', 'data:image/svg+xml,<svg/>'],
  'http:': ['http://other.example/a.svg', 'https://other.example/a.svg', 'https://other.example:8443/a.svg'],
  'https:': ['http://other.example/a.svg', 'https://other.example/a.svg'],
  'data:': ['data:image/svg+xml,<svg/>', 'http://other.example/a.svg'],
  'other.example': [
    'http://other.example/a.svg',
    'https://other.example/a.svg',
    'http://other.example:8080/a.svg',
    'http://sub.other.example/a.svg',
  ],
  'OTHER.example': ['http://other.example/a.svg'],
  'https://other.example': ['http://other.example/a.svg', 'https://other.example/a.svg'],
  'http://other.example': ['https://other.example/a.svg', 'https://other.example:8443/a.svg'],
  '*.other.example': [
    'http://other.example/a.svg',
    'http://sub.other.example/a.svg',
    'http://a.sub.other.example/a.svg',
  ],
  'other.example:*': [
    'http://other.example:8080/a.svg',
    'http://other.example/a.svg',
    'https://other.example:8443/a.svg',
  ],
  'other.example:80': ['http://other.example/a.svg', 'https://other.example/a.svg'],
  'http://other.example:80': ['https://other.example/a.svg', 'http://other.example/a.svg'],
  'https://other.example:443': ['https://other.example/a.svg', 'http://other.example/a.svg'],
  'http://other.example:8080': ['https://other.example:8080/a.svg', 'http://other.example:8080/a.svg'],
  'other.example:0080': ['http://other.example/a.svg'],
  '*:*': ['http://other.example:8080/a.svg', 'http://other.example/a.svg'],
  'https://*:*': ['https://other.example:8443/a.svg', 'http://other.example/a.svg'],
  'other.example/dir/': [
    'http://other.example/dir/a.svg',
    'http://other.example/dir',
    'http://other.example/a.svg',
  ],
  'other.example/dir': ['http://other.example/dir/a.svg', 'http://other.example/dir'],
  'other.example/a.svg': [
    'http://other.example/a.svg?x=1',
    'http://other.example/A.svg',
    'http://other.example/a.svg/',
  ],
  'other.example/a%2Fb/': ['http://other.example/a/b/c.svg', 'http://other.example/a%2fb/c.svg'],
  'other.example/a/b/': ['http://other.example/a%2Fb/c.svg'],
  'other.example/%c3%bc.svg': ['http://other.example/%C3%BC.svg', 'http://other.example/ü.svg'],
  'other.example/%41.svg': ['http://other.example/A.svg'],
  'other.example/%3B.svg': ['http://other.example/;.svg'],
  '*.example': ['http://other.example/a.svg', 'http://sub.other.example/a.svg'],
  'http://*': [
    'http://other.example/a.svg',
    'https://other.example/a.svg',
    'http://other.example:8080/a.svg',
  ],
}
const CASES = Object.entries(TABLE).flatMap(([source, urls]) => urls.map((url) => ({ source, url })))

/** Where an engine does something else than the oracle says: whether it blocks. */
const DIFFERENT: Readonly<Record<string, Partial<Record<Engine, boolean>>>> = {
  'other.example:0080 http://other.example/a.svg': { firefox: true },
  'http://other.example:8080 https://other.example:8080/a.svg': { firefox: false, webkit: false },
  '* data:image/svg+xml,<svg/>': { webkit: false },
}

const FRAME = `<!doctype html><meta charset="utf-8"><script>
let blocked = false
addEventListener('securitypolicyviolation', () => { blocked = true })
const image = new Image()
const done = () => setTimeout(() => parent.postMessage([Number(location.pathname.slice(6)), blocked], '*'), 300)
image.onload = image.onerror = done
image.src = decodeURIComponent(location.search.slice(1))
</script>`
const HUB = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
const results = {}
addEventListener('message', ({ data: [index, blocked] }) => { results[index] = blocked })
const open = (urls) => urls.forEach((url, index) => {
  document.body.append(Object.assign(document.createElement('iframe'), { src: '/case/' + index + '?' + encodeURIComponent(url) }))
})
</script>`

const dir = makeDirectory('matcher')
let served: Served
let everywhere: Everywhere

beforeAll(async () => {
  writeTree(dir, {
    'index.html': HUB,
    'frame.html': FRAME,
    'a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  })
  served = await serve({
    dir,
    fallback: 'frame.html',
    headers(path) {
      const one = CASES[Number(/^\/case\/(\d+)$/.exec(path)?.[1] ?? -1)]
      return one && { 'content-security-policy': `img-src ${one.source}` }
    },
  })
  const hosts = ['site', 'sub.site', 'other', 'sub.other', 'a.sub.other'].map((name) => `${name}.example`)
  everywhere = await serveEverywhere(Object.fromEntries(hosts.map((host) => [host, served.origin])))
})
afterAll(async () => {
  await everywhere.close()
  await served.close()
  rmSync(dir, { recursive: true, force: true })
})

describe.each(engines)('%s matches sources as the oracle says', (engine) => {
  let seen: Readonly<Record<string, boolean>>
  const traits = modelled.find(({ name }) => name === engine)!

  beforeAll(async () => {
    const browser = await launch(engine, { proxy: everywhere.proxy })
    const visit = await browser.visit(`${SELF}/`)
    await visit.evaluate(`void open(${JSON.stringify(CASES.map(({ url }) => url))})`)
    await visit.waitFor(`Object.keys(results).length === ${CASES.length}`, 60_000)
    seen = await visit.evaluate('results')
    await browser.close()
  })

  it.each(CASES.map((one, index) => ({ ...one, index })))(
    '$source against $url',
    ({ source, url, index }) => {
      const request = {
        directive: 'img-src' as const,
        url: new URL(url),
        nonce: undefined,
        integrity: [],
        parserInserted: false,
        wildcardHostNeedsScheme: traits.wildcardHostNeedsScheme,
      }
      const expected = blocksRequest(parsePolicy(`img-src ${source}`), request, new URL(SELF)) !== undefined
      expect(seen[index]).toBe(DIFFERENT[`${source} ${url}`]?.[engine] ?? expected)
    },
  )
})
