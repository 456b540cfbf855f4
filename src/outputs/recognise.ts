/** The traces by which a host is recognized during a build. */
interface HostTrace {
  readonly name: string
  /** Name of the output for the host. */
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
  {
    name: 'AWS Amplify',
    output: 'amplify',
    files: ['customHttp.yml', 'amplify.yml'],
    variables: ['AWS_APP_ID'],
  },
  { name: 'IIS', output: 'iis', files: ['web.config', 'public/web.config'], variables: [] },
  { name: 'Static Web Server', output: 'static-web-server', files: ['sws.toml'], variables: [] },
]

export interface RecognisedHost {
  readonly name: string
  /** Name of the output for the host. */
  readonly output: string
  /** The file or variable that revealed the host. */
  readonly trace: string
}

/**
 * Detects the host of a project from the build environment and the project's files. The environment takes precedence,
 * because files of several hosts may be present.
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

/** Outputs whose file, `_headers`, other hosts read as well. */
const SHARED: readonly string[] = ['netlify', 'cloudflare']

/** The host whose build environment this is, if it reads no file of any of the outputs. */
export function unreadByHost(
  outputs: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RecognisedHost | undefined {
  const host = recogniseHost(() => false, environment)
  if (!host) return undefined
  const known = new Set(TRACES.map(({ output }) => output))
  const reads = (output: string): boolean =>
    output === host.output || (SHARED.includes(output) && SHARED.includes(host.output))
  // A meta works on any host, and nobody knows which server reads the files of the other outputs.
  return outputs.some((output) => !known.has(output) || reads(output)) ? undefined : host
}

/** Files that a host reads only from the root of a site. */
const ROOT_FILES: Readonly<Record<string, string>> = {
  netlify: '_headers',
  cloudflare: '_headers',
  azure: 'staticwebapp.config.json',
}

/** The file of an output if it lands below the root of the site, where its host does not look for it. */
export function fileBelowRoot(
  outputs: readonly string[],
  base: string,
  directory: string | undefined,
): string | undefined {
  const below = /^\/.+\/$/.test(base) && directory?.replaceAll('\\', '/').endsWith(base.slice(0, -1))
  const alone = outputs.every((output) => ROOT_FILES[output] !== undefined)
  return below && alone ? ROOT_FILES[outputs[0] ?? ''] : undefined
}
