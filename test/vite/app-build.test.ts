import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBuilder as createBuilder8, type Plugin } from 'vite'
import { createBuilder as createBuilder7 } from 'vite-7'
import { describe, expect, it } from 'vitest'
import { cspHashes } from '../../src/index.ts'
import { writeTree } from '../support/files.ts'
import { page, pinnedByMap, read, temporarySite } from '../directory/temporary-site.ts'

/** A framework in small: it builds the client, then writes pages that no bundle has seen. */
function prerender(root: string): Plugin {
  return {
    name: 'prerender',
    config: () => ({
      appType: 'custom',
      builder: {},
      build: { manifest: true, rollupOptions: { input: join(root, 'entry.js') } },
    }),
    async buildApp(builder) {
      const client = builder.environments['client']
      if (!client) throw new Error('there is no client')
      const [output] = [await builder.build(client)].flat()
      const chunks = output && 'output' in output ? output.output : []
      const entry = chunks.find((file) => file.type === 'chunk' && file.isEntry)?.fileName
      mkdirSync(join(root, 'dist/about'), { recursive: true })
      for (const path of ['index.html', 'about/index.html'])
        writeFileSync(
          join(root, 'dist', path),
          page(`<script type="module" src="/${entry}"></script>`, '<script>start()</script>'),
        )
    },
  }
}

describe('pages that a framework writes in its app build', () => {
  it.each([
    ['8', createBuilder8],
    // Each major has types of its own for the same configuration.
    ['7', createBuilder7 as unknown as typeof createBuilder8],
  ])('are protected at its end, with Vite %s', async (_, createBuilder) => {
    const root = temporarySite({ 'entry.js': 'import("./lazy.js")', 'lazy.js': 'export const a = 1' })
    const builder = await createBuilder({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [prerender(root), cspHashes()],
    })
    await builder.buildApp()
    for (const path of ['index.html', 'about/index.html']) {
      const html = read(join(root, 'dist'), path)
      expect(html).toContain('http-equiv="Content-Security-Policy"')
      expect(pinnedByMap(html)).toHaveLength(2)
    }
  })

  it('stop the build where they cannot be protected', async () => {
    const root = temporarySite({ 'entry.js': '1' })
    const late: Plugin = {
      name: 'late',
      buildApp: {
        order: 'post',
        handler: async () => writeTree(join(root, 'dist'), { 'x.html': '<script src="/gone.js"></script>' }),
      },
    }
    const builder = await createBuilder8({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [prerender(root), late, cspHashes()],
    })
    await expect(builder.buildApp()).rejects.toThrow('file-missing')
  })
})
