import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one process cost. */
export interface Usage {
  /** Milliseconds on the clock, from start to end of the process. */
  readonly wall: number
  /** Milliseconds of processor time, user and system, over all its threads. */
  readonly cpu: number
  /** Largest resident set, in megabytes. */
  readonly memory: number
}

/** Processor time, in milliseconds: on a busy machine the clock on the wall tells more about others. */
export function spent(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return { min: sorted[0]!, median, max: sorted.at(-1)! }
}

export function spreadText({ min, median, max }: Spread, digits = 2): string {
  return [min, median, max].map((one) => one.toFixed(digits)).join(' / ')
}

const HOOK = fileURLToPath(new URL('usage-hook.js', import.meta.url))

/** Runs a script of Node in a process of its own. Its output is thrown away, unless it fails. */
export async function measured(args: readonly string[], cwd: string): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const report = join(folder, 'usage.json')
  try {
    const start = performance.now()
    const child = spawn(process.execPath, ['--import', HOOK, ...args], {
      cwd,
      env: { ...process.env, BENCH_USAGE: report, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-4000)))
    child.stderr.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-4000)))
    const [code] = await new Promise<[number | null]>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (status) => resolve([status]))
    })
    const wall = performance.now() - start
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}:\n${output}`)
    const { cpu, memory } = JSON.parse(readFileSync(report, 'utf8')) as { cpu: number; memory: number }
    return { wall, cpu, memory }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Side by side: in each round every contestant once, each round begins with another one. The first round does not count. */
export async function rounds<Name extends string, Result>(
  names: readonly Name[],
  count: number,
  run: (name: Name) => Promise<Result>,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<Record<Name, Result>[]> {
  const all: Record<Name, Result>[] = []
  for (let round = -1; round < count; round++) {
    const results = {} as Record<Name, Result>
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length]!
      results[name] = await run(name)
    }
    if (round >= 0) all.push(results)
    await afterwards()
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  return all
}

/** A contestant against another one, round by round: what disturbs a round disturbs both. */
export function ratios<Name extends string>(
  all: readonly Record<Name, Usage>[],
  name: Name,
  against: Name,
  pick: keyof Usage,
): Spread {
  return spreadOf(all.map((round) => round[name][pick] / round[against][pick]))
}
