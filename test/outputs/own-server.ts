import type { DeliveredPage, Output } from '../../src/index.ts'

const FILE = 'policies.json'

/** All enforced policies of a page stand in one header, with a comma between them. */
const headerValue = ({ policies }: DeliveredPage): string =>
  policies
    .filter(({ disposition }) => disposition === 'enforce')
    .map(({ directives }) =>
      [...directives]
        .map(([name, sources]) => [name, ...sources.map(({ expression }) => expression)].join(' '))
        .join('; '),
    )
    .join(', ')

/** A file in which your server looks up the header for the page that it is about to send. */
export const ownServer: Output = {
  name: 'own-server',
  deliver({ pages }) {
    const values = Object.fromEntries(pages.map((page) => [page.path, headerValue(page)]))
    return {
      files: [{ root: 'project', path: FILE, content: `${JSON.stringify(values, undefined, 2)}\n` }],
      notes: [`Restart the server: it reads ${FILE} when it starts.`],
      place: FILE,
    }
  },
  // For vite preview. Leave it out, and preview sends no header.
  read({ projectFile }, { file }) {
    const values = new Map<string, string>(Object.entries(JSON.parse(projectFile(FILE) ?? '{}')))
    const value = file === undefined ? undefined : values.get(file)
    return new Map(value === undefined ? [] : [['content-security-policy', value]])
  },
}
