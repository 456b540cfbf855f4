import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { TryError } from './errors.ts'

export type Engine = 'chromium' | 'firefox'

export interface InstalledBrowser {
  readonly name: string
  readonly engine: Engine
  readonly path: string
}

interface Known {
  readonly name: string
  readonly engine: Engine
  /** Names of its command on the PATH. */
  readonly commands: readonly string[]
  /** Paths used by installers, relative to the folders of {@link roots}. */
  readonly places: readonly string[]
}

const KNOWN: readonly Known[] = [
  {
    name: 'chromium',
    engine: 'chromium',
    commands: ['chromium', 'chromium-browser'],
    places: ['Chromium.app/Contents/MacOS/Chromium', 'Chromium/Application/chrome.exe'],
  },
  {
    name: 'chrome',
    engine: 'chromium',
    commands: ['google-chrome', 'google-chrome-stable', 'chrome'],
    places: ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Google/Chrome/Application/chrome.exe'],
  },
  {
    name: 'edge',
    engine: 'chromium',
    commands: ['microsoft-edge', 'microsoft-edge-stable', 'msedge'],
    places: ['Microsoft Edge.app/Contents/MacOS/Microsoft Edge', 'Microsoft/Edge/Application/msedge.exe'],
  },
  {
    name: 'firefox',
    engine: 'firefox',
    commands: ['firefox', 'firefox-esr'],
    places: ['Firefox.app/Contents/MacOS/firefox', 'Mozilla Firefox/firefox.exe'],
  },
]

export const BROWSER_NAMES = KNOWN.map(({ name }) => name)

type Environment = Readonly<Record<string, string | undefined>>

function roots(environment: Environment): string[] {
  const windows = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
    (name) => environment[name] ?? [],
  )
  return ['/Applications', ...windows]
}

/**
 * Finds an installed browser: the one with the given name or path, or the first one found.
 * @throws {TryError} if there is none
 */
export function findBrowser(
  wanted: string | undefined,
  environment: Environment = process.env,
): InstalledBrowser {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  if (wanted !== undefined && !BROWSER_NAMES.includes(wanted)) {
    if (!existsSync(wanted))
      throw new TryError(
        'no-browser',
        `There is no browser ${wanted}. Name one of ${BROWSER_NAMES.join(', ')}, or its path.`,
      )
    return { name: wanted, engine: /firefox/i.test(wanted) ? 'firefox' : 'chromium', path: wanted }
  }
  for (const { name, engine, commands, places } of KNOWN) {
    if (wanted !== undefined && name !== wanted) continue
    const candidates = [
      ...commands.flatMap((command) => folders.map((folder) => join(folder, command))),
      ...places.flatMap((place) => roots(environment).map((root) => join(root, place))),
    ]
    const path = candidates.find((file) => existsSync(file))
    if (path !== undefined) return { name, engine, path }
  }
  const what = wanted ?? 'Chromium, Chrome, Edge or Firefox'
  throw new TryError(
    'no-browser',
    `${what} is not installed. Install it, or give the path of a browser with --browser.`,
  )
}
