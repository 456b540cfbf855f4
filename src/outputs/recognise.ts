/** How a host gives itself away while a site is built. */
interface HostTrace {
  readonly name: string
  /** Name of the output for it. */
  readonly output: string
  /** Files in the root of the project. */
  readonly files: readonly string[]
  /** Variables that its build environment sets. */
  readonly variables: readonly string[]
}

const TRACES: readonly HostTrace[] = [
  { name: 'Netlify', output: 'netlify', files: ['netlify.toml'], variables: ['NETLIFY'] },
  {
    name: 'Cloudflare',
    output: 'cloudflare',
    files: ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'],
    variables: ['CF_PAGES', 'WORKERS_CI'],
  },
  { name: 'Vercel', output: 'vercel', files: ['vercel.json', 'vercel.ts'], variables: ['VERCEL'] },
  { name: 'Firebase', output: 'firebase', files: ['firebase.json'], variables: [] },
  {
    name: 'Azure Static Web Apps',
    output: 'azure',
    files: ['staticwebapp.config.json'],
    variables: ['AZURE_STATIC_WEB_APPS_API_TOKEN'],
  },
]

export interface RecognisedHost {
  readonly name: string
  /** Name of the output for it. */
  readonly output: string
  /** The file or variable that told. */
  readonly trace: string
}

/**
 * The host that a project is deployed to, as far as its files and the environment of the build tell. A build
 * environment is the better witness: several hosts may have left files behind.
 */
export function recogniseHost(
  hasFile: (path: string) => boolean,
  environment: Readonly<Record<string, string | undefined>>,
): RecognisedHost | undefined {
  for (const { name, output, variables } of TRACES) {
    const variable = variables.find((one) => environment[one])
    if (variable !== undefined) return { name, output, trace: variable }
  }
  for (const { name, output, files } of TRACES) {
    const file = files.find(hasFile)
    if (file !== undefined) return { name, output, trace: file }
  }
  return undefined
}
