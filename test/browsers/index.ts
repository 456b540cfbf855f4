import { launchFirefox } from './firefox.ts'
import { launchChromium } from './playwright.ts'
import type { Visit } from './visit.ts'
import { launchWebKit } from './webkit.ts'

export type { Visit, Violation } from './visit.ts'
export type Engine = 'chromium' | 'firefox' | 'webkit'

export interface Browser {
  readonly engine: Engine
  readonly version: string
  /** Loads a page and waits for its load event. */
  visit(url: string): Promise<Visit>
  close(): Promise<void>
}

export interface LaunchOptions {
  /** `host:port` of an HTTP proxy for every host but the loopback's own names. */
  readonly proxy?: string
}

const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebKit }

/** The engines to test in: those that the variable BROWSERS names (comma list), or all. */
export const engines: readonly Engine[] = (process.env['BROWSERS'] ?? 'chromium,firefox,webkit')
  .split(',')
  .map((name) => {
    if (name in launchers) return name as Engine
    throw new Error(`BROWSERS names "${name}". It takes chromium, firefox and webkit.`)
  })

/** @throws with the way to install it, when the browser is missing. */
export const launch = (engine: Engine, options: LaunchOptions = {}): Promise<Browser> =>
  launchers[engine](options)
