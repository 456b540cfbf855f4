import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { cspHashes, type Options } from '../../../src/index.ts'

const APPS = join(import.meta.dirname, 'apps')

export interface BuiltApp {
  readonly dir: string
  /** What is told at the end of the build. */
  readonly log: readonly string[]
}

/** Builds an app of this folder; `otherOrigin` is where its foreign parts are served from. */
export async function buildApp(
  name: string,
  work: string,
  options: Options,
  otherOrigin = '',
  assetsInlineLimit = 4096,
): Promise<BuiltApp> {
  const root = join(work, name)
  cpSync(join(APPS, name), root, { recursive: true })
  for (const file of name === 'remote-import' ? ['style.css'] : []) {
    const path = join(root, file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('__OTHER_ORIGIN__', otherOrigin))
  }
  const log: string[] = []
  const say = (message: string): void => void log.push(message)
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [cspHashes(options)],
    build: { outDir: 'dist', target: 'es2022', assetsInlineLimit },
    customLogger: {
      info: say,
      warn: say,
      warnOnce: say,
      error: say,
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
  })
  return { dir: join(root, 'dist'), log }
}

/** The main policy that stands in a page's meta, directive by directive. */
export function policyOf(html: string): Map<string, string[]> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
  return new Map(
    content.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources]
    }),
  )
}
