import { createHash } from 'node:crypto'
import type { HashAlgorithm, Policy, Source } from '../../src/core/site/model.ts'
import type { Delivery } from '../../src/outputs/output.ts'

const source = (expression: string): Source => ({ expression, reason: { kind: 'option', option: 'test' } })

export const hashOf = (text: string, algorithm: HashAlgorithm = 'sha384'): string =>
  `'${algorithm}-${createHash(algorithm).update(text).digest('base64')}'`

export function policy(
  directives: Record<string, string>,
  { role = 'main', disposition = 'enforce' }: Partial<Pick<Policy, 'role' | 'disposition'>> = {},
): Policy {
  return {
    role,
    disposition,
    directives: new Map(
      Object.entries(directives).map(([name, value]) => [name, value.split(' ').filter(Boolean).map(source)]),
    ),
  }
}

/** The two policies of a page with the given inline scripts. */
export function policiesFor(scripts: readonly string[], algorithm: HashAlgorithm = 'sha384'): Policy[] {
  const hashes = scripts.map((script) => hashOf(script, algorithm)).join(' ')
  return [
    policy({
      'script-src': `${hashes} 'strict-dynamic' https: 'unsafe-inline'`,
      'script-src-elem': `${hashes} https://*:*/assets/ *:*/assets/ localhost:*/assets/`,
      'object-src': "'none'",
      'base-uri': "'none'",
      'frame-ancestors': "'self'",
    }),
    policy({ 'script-src-elem': "'self' 'unsafe-inline'" }, { role: 'fence' }),
  ]
}

export interface DeliveryOptions extends Partial<Omit<Delivery, 'siteFile' | 'projectFile'>> {
  readonly siteFiles?: Readonly<Record<string, string>>
  readonly projectFiles?: Readonly<Record<string, string>>
}

export function deliveryOf({ siteFiles = {}, projectFiles = {}, ...given }: DeliveryOptions): Delivery {
  return {
    pages: [],
    base: '/',
    layout: 'union',
    scripts: 'strict',
    algorithm: 'sha384',
    outputs: [],
    reporting: undefined,
    integrityPolicy: undefined,
    siteFile: (path) => siteFiles[path],
    projectFile: (path) => projectFiles[path],
    ...given,
  }
}
