import { defineConfig } from 'vitest/config'

/** Tests that need a real browser, server, package or process of their own, by the script that runs them. */
const PARTS = ['vite', 'runs', 'browsers', 'hosts', 'frameworks', 'sites', 'attack']

const part = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude },
})

export default defineConfig({
  test: {
    // Real builds, browsers and servers are slow on small machines, and no test is about time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      part(
        'unit',
        ['test/**/*.test.ts'],
        PARTS.map((name) => `test/${name}/**`),
      ),
      ...PARTS.map((name) => part(name, [`test/${name}/**/*.test.ts`])),
    ],
  },
})
