import { writeFileSync } from 'node:fs'

/** Loaded into the processes that are measured: writes down what the process cost when it ends. */
process.once('exit', () => {
  const report = process.env.BENCH_USAGE
  if (report === undefined) return
  const { user, system } = process.cpuUsage()
  const memory = process.resourceUsage().maxRSS / 1024
  writeFileSync(report, JSON.stringify({ cpu: (user + system) / 1000, memory }))
})
