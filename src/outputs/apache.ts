import { escapeRegExp } from '../core/text/regexp.ts'
import { htaccessConflicts, htaccessSetsNosniff } from './htaccess.ts'
import { quote, serverOutput } from './snippet.ts'

const FILE = '.htaccess'

/** The maximum length of a line. With a longer line, Apache answers every request with a 500. */
const LINE = 8191

/** `%` starts a format specifier, so double it. */
const literal = (value: string): string => quote(value, (text) => text.replaceAll('%', '%%'))

const header = (name: string, value: string): string => `Header always set ${name} ${literal(value)}`

/** A regular expression for the end of a file path, for use between `#` delimiters. */
const fileEnd = (page: string): string => `${escapeRegExp(page).replaceAll(/[#"]/g, '\\$&')}$`

/**
 * `Header` lines in the `.htaccess` of the deployed folder, before the user's own lines.
 * Pages are identified by the served file, so every alias of a page gets the policy of the page.
 * @see https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header
 */
export const apache = serverOutput({
  name: 'apache',
  limits: {
    host: 'Apache',
    field: {
      characters: LINE,
      measured: ({ name, value }) => header(name, value),
      effect: 'answers every request of the site with an error for a line',
      source: 'https://httpd.apache.org/docs/2.4/configuring.html#syntax',
    },
    joinsRepeated: false,
  },
  longestLine: LINE,
  conflicts: htaccessConflicts,
  setsNosniff: (delivery) => htaccessSetsNosniff(delivery.siteFile(FILE) ?? ''),
  snippets({ fields, pages }) {
    // The last matching line wins, so a page in a folder must follow a page of the same name outside it.
    const sorted = [...pages].toSorted(([a], [b]) => a.split('/').length - b.split('/').length)
    return [
      {
        path: FILE,
        lines: [
          ...fields.map(({ name, value }) => header(name, value)),
          ...sorted.flatMap(([page, own]) =>
            own.map(
              ({ name, value }) =>
                `${header(name, value)} "expr=%{REQUEST_FILENAME} =~ m#/${fileEnd(page)}#"`,
            ),
          ),
        ],
      },
    ]
  },
  notes: () => [
    `Apache needs mod_headers, and reads ${FILE} only under AllowOverride FileInfo (or All). Without it, in <Directory>: Include /path/to/the/site/${FILE}`,
  ],
})
