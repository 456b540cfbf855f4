import type { ModuleSource } from '../site/model.ts'

/** Modules that can create script and style elements, but do so only when another module asks them to. */
export const ON_REQUEST =
  /[\\/]node_modules[\\/](?:react-dom|scheduler|@vue[\\/]|vue|preact|svelte|solid-js|lit-html|@lit|@angular[\\/]|core-js|core-js-pure|setimmediate|jquery|zone\.js|react-helmet(?:-async)?|@unhead[\\/]|dompurify)[\\/]|[\\/]vite[\\/]|^\0/

/** The package of a module, or the module itself if it is the user's own. */
export function packageOf({ id }: ModuleSource): string {
  const inside = id.replaceAll('\\', '/').split('/node_modules/').at(-1) ?? id
  return id.includes('node_modules') ? (/^(?:@[^/]+\/)?[^/]+/.exec(inside)?.[0] ?? id) : id
}
