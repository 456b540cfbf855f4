import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Plugin, Rollup } from 'vite'
import { build } from 'vite'

/** What one build cost, in milliseconds. */
export interface BuildTime {
  /** In the hooks of the plugin. */
  plugin: number
  /** All of it. */
  wall: number
}

export interface RebuildOrder {
  /** URL of the package. */
  readonly entry: string
  readonly folder: string
  /** The file that changes, and the text in it before which something is put. */
  readonly file: string
  readonly needle: string
  readonly input: readonly string[]
  readonly count: number
}

const HOOKS = ['generateBundle', 'writeBundle', 'closeBundle'] as const

type Handler = (this: unknown, ...args: unknown[]) => unknown

/** Adds up the time that hooks take. */
function timed(plugin: Plugin, spend: (milliseconds: number) => void): Plugin {
  const wrapped = HOOKS.map((name) => {
    const hook = plugin[name] as { handler: Handler }
    const handler: Handler = async function (...args) {
      const start = performance.now()
      try {
        return await hook.handler.apply(this, args)
      } finally {
        spend(performance.now() - start)
      }
    }
    return [name, { ...hook, handler }]
  })
  return { ...plugin, ...Object.fromEntries(wrapped) } as Plugin
}

/** Watches an app and changes a text in one of its files again and again; prints what each build cost. */
async function main({ entry, folder, file, needle, input, count }: RebuildOrder): Promise<void> {
  const { cspHashes } = (await import(entry)) as { cspHashes: () => Plugin }
  const path = join(folder, file)
  const before = readFileSync(path, 'utf8')
  const times: BuildTime[] = []
  let plugin = 0
  const watcher = (await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [timed(cspHashes(), (milliseconds) => (plugin += milliseconds))],
    build: {
      outDir: 'dist-watched',
      emptyOutDir: false,
      watch: { buildDelay: 20 },
      ...(input.length > 0 && { rolldownOptions: { input: [...input] } }),
    },
  })) as Rollup.RollupWatcher
  let wall = 0
  const done = new Promise<void>((resolve, reject) => {
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') reject(event.error)
      if (event.code === 'BUNDLE_END') {
        wall = event.duration
        void event.result.close()
      }
      if (event.code !== 'END') return
      // The bundle is closed by then.
      void wait(500).then(() => {
        times.push({ plugin, wall })
        plugin = 0
        if (times.length > count) resolve()
        else writeFileSync(path, before.replace(needle, '!'.repeat(times.length) + needle))
      })
    })
  })
  try {
    await done
  } finally {
    writeFileSync(path, before)
    await watcher.close()
  }
  process.stdout.write(JSON.stringify(times))
  process.exit()
}

await main(JSON.parse(process.argv[2] ?? '') as RebuildOrder)
