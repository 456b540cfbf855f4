import type { Delivered } from './outputs/output.ts'
import { hostFileOf } from './verify/hosts/index.ts'

/**
 * Reads delivered files as their hosts will, with the readers of `verify`, and compares the headers for each
 * request with the expected ones.
 * @throws {Error} if that is not what the output expects, which is a bug of this package
 */
export function readBack({ files = [], findings = [], expected }: Delivered): void {
  // After an error nothing is written, and a file that cannot be merged was left as it was.
  if (!expected || findings.some(({ severity }) => severity === 'error')) return
  for (const name of expected.hosts) {
    const host = hostFileOf(name)
    if (!host) continue
    const reading = host.read((path) => files.find((file) => file.path === path)?.content, '/')
    for (const { path, file, headers } of expected.answers()) {
      const sent = new Map(reading.headers({ path, file }))
      for (const header of expected.headers) {
        if (sent.get(header) === headers.get(header)) continue
        throw new Error(
          `${name} would send ${header}: ${sent.get(header)} for ${path}, instead of ${headers.get(header)}. ` +
            `This is a bug in vite-plugin-csp-hashes. Please report it with your ${host.files[0]}.`,
        )
      }
    }
  }
}
