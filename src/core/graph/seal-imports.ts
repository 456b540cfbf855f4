/** Nothing can be resolved against it, and so no request is made. `null` would do the same, with a warning in each console. */
const NOWHERE = 'about:invalid/'

const IS_ROOT = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?\/$|^(?:\.{1,2}\/)+$/i

/**
 * Entries for the `imports` of an import map. Its `integrity` pins exact URLs, and `import('/assets/a.js?again')` asks
 * for another one, which would run whatever its bytes are: Astro tries again that way when a file was refused. With
 * these, a name below the directories of the pinned scripts is one of them to the letter, or resolves to nothing. Styles
 * are named as well: chunks ask `import.meta.resolve` where they are.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolving-an-imports-match
 */
export function sealImports(scripts: readonly string[], styles: readonly string[]): [string, string][] {
  const directories = new Set(scripts.map((url) => url.slice(0, url.lastIndexOf('/') + 1)))
  const sealed = [...directories].filter((one) => !IS_ROOT.test(one))
  const outermost = sealed.filter((one) => !sealed.some((other) => other !== one && one.startsWith(other)))
  const inside = [...scripts, ...styles].filter((url) =>
    outermost.some((directory) => url.startsWith(directory)),
  )
  return [
    ...outermost.map((directory): [string, string] => [directory, NOWHERE]),
    ...inside.map((url): [string, string] => [url, url]),
  ]
}
