import { parseJson } from '../../bounded/json.ts'
import { type Header, type HostFile, type HostProblem, lastOfEach } from './host-file.ts'
import { isObject, listOf, openJson, unreadable } from './json.ts'

const FILE = 'csp-hashes.cloudfront.json'
const FUNCTION_FILE = 'csp-hashes.cloudfront.js'

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_CHARACTERS = 1783
const FUNCTION_BYTES = 10 * 1024

/** @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html */
function headersOf(config: Readonly<Record<string, unknown>>): Header[] {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = config
  const policy = isObject(security) ? security['ContentSecurityPolicy'] : undefined
  const value = isObject(policy) ? policy['ContentSecurityPolicy'] : undefined
  const sniff = isObject(security) && isObject(security['ContentTypeOptions'])
  return [
    ...(typeof value === 'string' ? [['content-security-policy', value] as const] : []),
    ...(sniff ? [['x-content-type-options', 'nosniff'] as const] : []),
    ...listOf(isObject(custom) ? custom['Items'] : undefined).flatMap((item): Header[] =>
      isObject(item) ? [[String(item['Header']), String(item['Value'])]] : [],
    ),
  ]
}

interface Function {
  readonly words: readonly unknown[]
  readonly pages: readonly unknown[]
  readonly paths: Readonly<Record<string, unknown>>
}

/** Reads the tables of the function. The rest of its behavior is unknown without running it. */
function functionOf(code: string): Function | undefined {
  const table = (name: string): unknown => {
    const [, json] = new RegExp(`^var ${name} = (.*);$`, 'm').exec(code) ?? []
    return json === undefined ? undefined : parseJson(json)
  }
  try {
    const [words, pages, paths] = [table('words'), table('pages'), table('paths')]
    return isObject(paths) ? { words: listOf(words), pages: listOf(pages), paths } : undefined
  } catch {
    return undefined
  }
}

/** The headers that the function sets in place of those of the response headers policy. */
function replaced({ words, pages, paths }: Function, path: string): Header[] {
  const fields = Object.hasOwn(paths, path) ? pages[Number(paths[path])] : undefined
  return Object.entries(isObject(fields) ? fields : {}).map(([name, numbers]) => [
    name,
    listOf(numbers)
      .map((one) => words[Number(one)])
      .join(' '),
  ])
}

export const cloudfront: HostFile = {
  host: 'cloudfront',
  files: [FILE, FUNCTION_FILE],
  root: 'project',
  unseen: 'whether the behaviors of the distribution use it',
  read(textOf) {
    const opened = openJson(FILE, textOf(FILE) ?? '', parseJson)
    if ('refused' in opened) return opened.refused
    if (!isObject(opened.root)) return unreadable(FILE, 'it holds no object')
    const everywhere = headersOf(opened.root)
    const problems: HostProblem[] = []
    const tell = (file: string, message: string, fatal: boolean): void =>
      void problems.push({ file, line: 1, message, fatal })
    for (const [name, value] of everywhere) {
      if (value.length > MOST_CHARACTERS)
        tell(FILE, `${name} has ${value.length} characters, and CloudFront takes ${MOST_CHARACTERS}.`, true)
    }
    const code = textOf(FUNCTION_FILE)
    const own = code === undefined ? undefined : functionOf(code)
    if (code !== undefined && !own)
      tell(FUNCTION_FILE, 'The function is not judged: it has no tables.', false)
    if (Buffer.byteLength(code ?? '') > FUNCTION_BYTES)
      tell(FUNCTION_FILE, `The function has more than ${FUNCTION_BYTES} bytes: CloudFront refuses it.`, true)
    return {
      problems,
      // CloudFront does not run the function for errors from the origin.
      headers: ({ path, file }) =>
        lastOfEach([...everywhere, ...(own && file !== undefined ? replaced(own, path) : [])]),
    }
  },
}
