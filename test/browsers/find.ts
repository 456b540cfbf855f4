import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export function onPath(...names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

/** An installed program: the environment variable's, then the first of the names. */
export function findBrowser(variable: string, ...names: string[]): string | undefined {
  return process.env[variable] ?? onPath(...names)
}

/** The small browser that WebKitGTK's driver starts; each distribution has its own folder for it. */
export function findMiniBrowser(): string | undefined {
  const libraries = ['/usr/libexec', '/usr/lib', '/usr/lib64']
  const roots = libraries.flatMap((folder) =>
    existsSync(folder)
      ? [
          folder,
          ...readdirSync(folder)
            .filter((name) => name.endsWith('-linux-gnu'))
            .map((name) => join(folder, name)),
        ]
      : [],
  )
  return roots
    .flatMap((root) =>
      ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((v) => join(root, v, 'MiniBrowser')),
    )
    .find((file) => existsSync(file))
}

export const missing = (name: string, install: string, cause?: unknown): Error =>
  new Error(`${name} is not installed. Install it with \`${install}\`, or leave it out of BROWSERS.`, {
    cause,
  })
