import { OPTIONS } from '../options/table.ts'
import { FLAGS } from './arguments.ts'

const WIDTH = 100
const COLUMN = 32

const START = `csp-hashes: a hash-based strict Content-Security-Policy for every page of a built site

  csp-hashes <dir>                    protect the site in <dir>
  csp-hashes verify <dir | url>       check a finished site as a browser would; exit 1 if anything is blocked
  csp-hashes try <dir | url>          open its pages in a real browser; exit 1 if anything is blocked
  csp-hashes explain <hash | page> [dir]
                                      print what a hash stands for, or why a page's policy is as it is
  csp-hashes explain <code>           print what a finding means and what to do about it
  csp-hashes report [dir]             write csp-report.html: pages, policies, scripts and findings
`

const END = `Exit codes
  0 done   1 a finding is an error, or a browser would block something   2 wrong usage
  3 a file or the network failed   130 stopped by Ctrl-C
  With any code but 0, nothing was written.
`

/** Formats a flag on the left and its description on the right, or below the flag if the flag is long. */
function row(flag: string, help: string): string {
  const lines: string[] = []
  for (const word of help.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && COLUMN + line.length + word.length < WIDTH) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  const left = `  ${flag}`
  const fits = left.length < COLUMN - 1
  const text = lines.join(`\n${' '.repeat(COLUMN)}`)
  return fits ? `${left.padEnd(COLUMN)}${text}` : `${left}\n${' '.repeat(COLUMN)}${text}`
}

/** The text of `--help`, built from the tables of flags and options. */
export function helpText(): string {
  const own = Object.entries(FLAGS).map(([name, flag]) => {
    const short = 'short' in flag ? `-${flag.short}, ` : '    '
    return row(`${short}--${name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.help)
  })
  const options = Object.values(OPTIONS).map(({ flag, value, default: standard, help }) => {
    const name = value === undefined ? `--${flag}, --no-${flag}` : `--${flag} ${value}`
    const more =
      standard === '-' || /^[[{]/.test(standard) ? '' : ` (default: ${standard.replaceAll("'", '')})`
    return row(`    ${name}`, `${help.replaceAll('`', '').replace(/\.$/, '')}${more}`)
  })
  return [START, 'Flags', ...own, '', "Options, as the plugin's", ...options, '', END].join('\n')
}
