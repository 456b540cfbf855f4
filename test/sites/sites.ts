/** A built site as an npm package ships it. */
export interface PackagedSite {
  readonly package: string
  readonly version: string
  /** Of the tarball: what other people's code runs in the browsers here stays the same. */
  readonly integrity: string
  /** Where the site is in the package. */
  readonly directory: string
  /** Where the host mounts it. @default at the root */
  readonly mount?: string
  /** What the command is given besides the directory. */
  readonly flags?: readonly string[]
  /** The path that is opened. @default the mount */
  readonly open?: string
  /** Whether the host answers unknown paths with the page. @default false */
  readonly fallback?: boolean
  /** What the server of the application would answer, by path: just enough for it to show itself. */
  readonly answers?: Readonly<Record<string, string>>
  /** A text that stands in the page when the application runs. */
  readonly shows: string
}

/** Other people's builds, none of which this package is developed with. */
export const SITES: readonly PackagedSite[] = [
  {
    package: '@directus/app',
    version: '18.0.0',
    integrity:
      'sha512-VKLceTgp2xwsPPIY0mP9ckL4xfTRbNQjCaAqzoZ1TRgSgnJrdN5tmBQhmo8tY2De8o1LoYzyMWohOyOrBy79+A==',
    directory: 'dist',
    mount: 'admin/',
    answers: {
      auth: '{"data":[],"disableDefault":false}',
      // Without a picture of one's own it draws a scene, for which a browser without a graphics card has no time.
      'server/info':
        '{"data":{"project":{"project_name":"Ten sites","public_background":"0a","public_foreground":"0b"},"setupCompleted":true}}',
    },
    shows: 'Ten sites',
  },
  {
    package: 'flowise-ui',
    version: '3.1.4',
    integrity:
      'sha512-Mme2jWQIVhzWr9BZ58byQ7W/I3Z6yhnZTVABElf3nNsjF7okKka9L8Xoecyg2usf3P31K7Q7hxjO49zJzDc60Q==',
    directory: 'build',
    flags: ['--external', 'https://r.wdfl.co'],
    open: 'signin',
    fallback: true,
    answers: { 'api/v1/settings': '{"PLATFORM_TYPE":"open source"}' },
    shows: 'Forgot password?',
  },
  {
    package: '@nuxt/devtools',
    version: '3.4.4',
    integrity:
      'sha512-cPwBW+odVCCid6pllN3f93L0hyOCYRXrEZLmCiV2IgBoQ3lskhuu304JDJjv/VvtWB+OVWfHQ38aowX28WybXQ==',
    directory: 'dist/client',
    mount: '__NUXT_DEVTOOLS_BASE__/',
    shows: 'Disconnected from Server',
  },
  {
    package: '@signalk/server-admin-ui',
    version: '2.32.0',
    integrity:
      'sha512-fVEgD9WBUdHn8m/99T84uDzJRd/PO6EiCQ0lD4qR8xpQ8JOXUyJOjybeoxMmt+67W/pQVrOOA0ZvGFGajsVPFg==',
    directory: 'public',
    mount: 'admin/',
    shows: 'Not connected to the server',
  },
  {
    package: 'zigbee2mqtt-windfront',
    version: '1.8.1',
    integrity:
      'sha512-R0kTbyNTvNF7XSMg/axG6HX1SqlSofNwXAmohZws1BBs2HTPx9B3+vMcJnmlV3KapubYPdK+0CAMvQmbrXqBrw==',
    directory: 'dist',
    mount: 'zigbee/front/',
    shows: 'Friendly name',
  },
  {
    package: '@comfyorg/desktop-ui',
    version: '0.0.4',
    integrity:
      'sha512-hv8z78eH8itUKxIKkE+veWrBq5EnwuCdvdSr2DltM5Zewui+OmuD/7DTOfyfCLlgDyFr9/V4mDNFyPb52h/XJg==',
    directory: 'dist',
    // Its translations are compiled in the browser, as the finding says.
    flags: ['--directive', "script-src 'unsafe-eval'"],
    shows: 'Get Started',
  },
  {
    package: 'zigbee2mqtt-frontend',
    version: '0.9.21',
    integrity:
      'sha512-ClHYlG7g0v/tnIsD6kycNCi1ZEKIbQuU7lGJR3WqYcDmuqEMVcHDGbRiRwYRQcZGMxkqCf7guxNsXiKnC10+kg==',
    directory: 'dist',
    shows: 'Friendly name',
  },
  {
    package: 'node-modules-inspector',
    version: '1.4.2',
    integrity:
      'sha512-YZaG80wkvAxiWPjknbOmgtPjW1pG/FkAmn7TUzCEYSRe2SdNAuU12YOd+umolFAxVr59SJXT5Bu1piqxpFghgA==',
    directory: 'dist/public',
    shows: 'Failed to Connect to the Backend',
  },
  {
    package: '@eslint/config-inspector',
    version: '3.5.0',
    integrity:
      'sha512-aZgNrB3jgY8zSumRT17MSvYtOT7XcwTEkeE0XgJHevZ4VnWP/9nZ1qk4sdnSKFY1+zUi47kLal/jde6Y6CPCbA==',
    directory: 'dist/public',
    shows: 'ESLint Config Inspector',
  },
  {
    package: '@unocss/inspector',
    version: '66.12.0',
    integrity:
      'sha512-5uvjFfVBkIeHqLNK83rN/EqB3cVYDKlQGtRJdXPoTlZLrXuLnzm9XFu9AQTu8yWaIQ+fUrcoLuXMuxRNDROzPg==',
    directory: 'dist/client',
    mount: '__unocss/',
    shows: 'Connection lost',
  },
]
