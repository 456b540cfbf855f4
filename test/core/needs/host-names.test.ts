import { expect, it } from 'vitest'
import { hostNames } from '../../../src/core/needs/host-names.ts'

it.each([
  ["L.tileLayer('https://{s}.tile.maps.test/{z}/{x}/{y}.png')", ['https://*.tile.maps.test']],
  ['`https://${s}.tile.maps.test/${z}`', ['https://*.tile.maps.test']],
  ['"//{s}.tile.maps.test/{z}"', ['https://*.tile.maps.test']],
  ['`wss://eu-${n}.live.example:8443/x`', ['wss://*.live.example:8443']],
  ['"https://api-{region}.b.example/"', ['https://*.b.example']],
  ['"https://"+id+"-dsn.search.example"', ['https://*.search.example']],
  ['"https://".concat(e,".api.example.com/x")', ['https://*.api.example.com']],
  ['h="-dsn.search.net";u="https://"+a+h', ['https://*.search.net']],
  ['fetch("//cdn.example.com/x")', ['https://cdn.example.com']],
  ["const host='api.example.com';fetch(`https://${host}/v1`)", ['https://api.example.com']],
  ['new WebSocket("wss://"+h);h="live.example.com"', ['wss://live.example.com']],
  ['h="api.example.com";b="foo.bar"', []],
  ['"https://api.example.com/x"', []],
  ['`https://${a}`', []],
  ['x="//# sourceMappingURL=x"// a.b.com', []],
])('%s', (code, hosts) => {
  expect(hostNames(code)).toEqual(hosts)
})

it('takes little time over long scripts', () => {
  const code = '"https://"+a+"-x";`https://${b}`;"{a.b-c.d-e.f-{{{";'.repeat(20_000)
  const before = performance.now()
  hostNames(code)
  expect(performance.now() - before).toBeLessThan(5000)
})
