import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about features that a page and its files use and that a policy blocks or allows too broadly. */
export const USE_FINDINGS = {
  'inline-handler': kind<{ element: string; name: string }>(
    'warn',
    ({ element, name }) =>
      `The ${name} attribute of <${element}> is an inline script, which browsers refuse to run.`,
    ({ name }) =>
      `Move it into a script, with addEventListener('${name.slice(2)}', …), or allow just such attributes by their hashes with ${option({ unsafeHashes: true })}.`,
  ),
  'handler-before-policy': kind<{ element: string; name: string }>(
    'warn',
    ({ element, name }) =>
      `The ${name} attribute of <${element}> stands before the policy in the meta tag, so browsers run it whatever the policy says.`,
    ({ name }) =>
      `Move it into a script, with addEventListener('${name.slice(2)}', …), or deliver the policy in a header.`,
  ),
  'javascript-url': kind<{ element: string; name: string }>(
    'warn',
    ({ element, name }) => `The ${name} of <${element}> is a javascript: URL, which browsers refuse to run.`,
    () =>
      `Use a <button> with a listener instead, or allow just such URLs by their hashes with ${option({ unsafeHashes: true })}.`,
  ),
  'style-attribute': kind<{ element: string }>(
    'warn',
    ({ element }) =>
      `The style attribute of <${element}> is refused by style-src, so browsers do not apply it.`,
    () =>
      `Use a class, or allow just such attributes by their hashes with ${option({ unsafeHashes: true })}.`,
  ),
  'css-in-js': kind<{ where: string }>(
    'warn',
    ({ where }) =>
      `${where} makes <style> elements at run time, which browsers refuse unless their text is known.`,
    () =>
      `Extract the styles when you build, or allow inline styles (and them alone) with ${option({ directives: { 'style-src': ["'unsafe-inline'"] } })}.`,
  ),
  'style-unsafe-inline': kind<{ directive: string; count: number }>(
    'info',
    ({ directive, count }) =>
      `${directive} has your 'unsafe-inline', so the hashes of ${count} inline styles are left out: a hash would make browsers ignore it.`,
    () => "Remove 'unsafe-inline' to allow only the inline styles of the build, by their hashes.",
  ),
  'eval-used': kind<{ where: string; what: string; more: number; way: string }>(
    'warn',
    ({ where, what, more }) =>
      `${where} turns text into code with ${what}${more > 0 ? ` (and in ${more} more ${more === 1 ? 'place' : 'places'})` : ''}, which browsers refuse without 'unsafe-eval'.`,
    ({ way }) =>
      `To do without it, ${way}. To allow it for every script: ${option({ directives: { 'script-src': ["'unsafe-eval'"] } })}.`,
  ),
  'eval-tried': kind<{ where: string; what: string; more: number; way: string }>(
    'info',
    ({ where, what }) =>
      `${where} tries ${what} and goes on without it when the browser refuses: nothing breaks, but each visit reports a violation.`,
    ({ way }) => `To avoid the report, ${way}; or leave it.`,
  ),
  'wasm-blocked': kind<{ where: string }>(
    'warn',
    ({ where }) => `${where} compiles WebAssembly, which browsers refuse without 'wasm-unsafe-eval'.`,
    () => `Allow WebAssembly alone with ${option({ directives: { 'script-src': ["'wasm-unsafe-eval'"] } })}.`,
  ),
  'base-blocked': kind<{ href: string; source: string }>(
    'error',
    ({ href }) =>
      `<base href="${href}"> is refused by base-uri, so browsers ignore it and resolve every relative URL against the page.`,
    ({ source }) =>
      `Allow it with ${option({ directives: { 'base-uri': [source] } })}, or remove the element.`,
  ),
  'need-blocked': kind<{
    directive: string
    expression: string
    why: string
    /** Sources that the directive must repeat from its fallback, which it replaces. */
    inherited?: readonly string[]
  }>(
    'warn',
    ({ directive, expression, why }) =>
      `${directive} does not allow ${expression}, so browsers block what needs it: ${why}.`,
    ({ directive, expression, inherited = [] }) =>
      `Allow it with ${option({ directives: { [directive]: [...inherited, expression] } })}.`,
  ),
  'script-made': kind<{
    where: string
    addresses: string
    keys: readonly string[]
    /** Sources that a known service needs in addition to its scripts. */
    directives: Readonly<Record<string, readonly string[]>>
  }>(
    'warn',
    ({ where, addresses }) =>
      `${where} adds script elements to the page. Addresses that it may load them from: ${addresses}. The policy does not allow them, so browsers refuse such a script and what depends on it does not work.`,
    ({ keys, directives }) =>
      `Allow those that are loaded: ${option({
        external: Object.fromEntries(keys.map((key) => [key, true])),
        ...(Object.keys(directives).length > 0 ? { directives } : {}),
      })}.`,
  ),
  'service-blocked': kind<{
    service: string
    needs: string
    directives: Readonly<Record<string, readonly string[]>>
  }>(
    'warn',
    ({ service, needs }) =>
      `The script of ${service} is allowed, but not what it embeds and asks for, so browsers refuse that. By its documentation it needs ${needs}.`,
    ({ directives }) => `Allow it: ${option({ directives })}.`,
  ),
  'pin-idle': kind<{ url: string; key: string; file: string }>(
    'warn',
    ({ url, file }) =>
      `external pins ${url}, but ${file} adds that script to the page itself, without integrity: browsers run it whatever its bytes are.`,
    ({ key }) =>
      `Write a tag for it into the page, which carries the pin, or load it on trust: ${option({ external: { [key]: true } })}.`,
  ),
  'foreign-script-url': kind<{ where: string; url: string; keys: readonly string[] }>(
    'warn',
    ({ where, url }) =>
      `${where} names ${url}. If a script loads it, browsers refuse it: the policy does not allow scripts from there.`,
    ({ keys }) =>
      `If it is loaded, allow it: ${option({ external: Object.fromEntries(keys.map((key) => [key, true])) })}. If it is only a text, ${option({ findings: { 'foreign-script-url': 'off' } })} silences this.`,
  ),
  'script-blob': kind<{ where: string; dynamic: boolean }>(
    'warn',
    ({ where }) =>
      `${where} makes scripts or modules from blobs. Their URLs begin with blob:, which the policy does not allow, so browsers refuse them.`,
    ({ dynamic }) =>
      `Load them from files, or allow scripts from blobs: ${option({ ...(dynamic ? { scripts: 'strict' } : {}), directives: { 'script-src-elem': ['blob:'] } })}.`,
  ),
  'script-text': kind<{ where: string }>(
    'warn',
    ({ where }) =>
      `${where} makes inline scripts in the browser. Their text is not known when the site is built, so no hash allows them and browsers refuse them.`,
    () =>
      `If one is refused, the browser's console names its hash: ${option({ directives: { 'script-src': ["'sha384-…'"] } })}.`,
  ),
  'chunks-unpinned': kind<{ file: string }>(
    'info',
    ({ file }) =>
      `${file} loads the other chunks of the build by script elements, as the runtimes of webpack, Rspack and Turbopack do. No import map pins those: the policy allows their directory, whatever their bytes are.`,
    () =>
      'Nothing breaks. To have them pinned, build with webpack-subresource-integrity (Rspack: SubresourceIntegrityPlugin).',
  ),
  'document-router': kind<{ router: string }>(
    'warn',
    ({ router }) =>
      `${router} puts the next page into this document, whose policy allows the inline scripts of this page alone: those of the next one are refused.`,
    () => `Give all pages one policy: ${option({ layout: 'union' })}.`,
  ),
  'remote-urls': kind<{ origins: string }>(
    'info',
    ({ origins }) =>
      `The code names other origins that the policy does not allow; what a script requests there at run time is blocked: ${origins}. These are those that were seen: a host that is put together in the browser, or that a server names, is not among them.`,
    () =>
      `Allow those that are really used, and open the pages with csp-hashes try to see the rest, for example with ${option({ directives: { 'connect-src': ['https://…'] } })}.`,
  ),
  'remote-style': kind<{ url: string }>(
    'info',
    ({ url }) =>
      `The stylesheet ${url} comes from another origin, and the fonts and images that it loads cannot be seen.`,
    () =>
      `Allow them with ${option({ directives: { 'font-src': ['https://…'] } })}, or serve a copy from your own site.`,
  ),
  'name-without-hash': kind<{ files: string }>(
    'info',
    ({ files }) =>
      `Pinned files have no hash of their content in their names (${files}); a browser that has an older copy in its cache refuses it after the next release.`,
    () => 'Let the build name them by content, or serve them with Cache-Control: no-cache.',
  ),
  'nonce-static': kind<object>(
    'warn',
    () =>
      'The page carries a fixed nonce, which anyone can read and use: it protects nothing on a static site.',
    () => 'Remove html.cspNonce; the hashes do its work.',
  ),
  'nonce-placeholder': kind<{ nonce: string }>(
    'warn',
    ({ nonce }) =>
      `The policy carries the nonce ${nonce}; unless a server puts another one in its place for every response, it protects nothing.`,
    () =>
      `Once your server does so, set ${option({ findings: { 'nonce-placeholder': 'off' } })}; otherwise remove the nonce option.`,
  ),
  'dom-content-loaded': kind<{ where: string }>(
    'warn',
    ({ where }) =>
      `${where} listens to DOMContentLoaded, and scripts of the loader run after it in Chromium and WebKit.`,
    () => `Look at document.readyState first, or use ${option({ scripts: 'strict' })}.`,
  ),
  'trusted-types-sink': kind<{ where: string; sinks: string }>(
    'warn',
    ({ where, sinks }) =>
      `${where} gives strings to ${sinks}, which browsers refuse under require-trusted-types-for.`,
    () => 'Give them values of a policy (trustedTypes.createPolicy), or use textContent and DOM methods.',
  ),
} as const
