/** A third-party service, and the sources that it needs according to its documentation. */
export interface Service {
  readonly name: string
  /** Matches the URL of its script. */
  readonly address: RegExp
  /** Matches the module id of the package that loads it. */
  readonly id?: RegExp
  /** Keys of the option `external`, including those for everything that its script loads later. */
  readonly external: readonly string[]
  readonly directives?: Readonly<
    Partial<
      Record<
        'frame-src' | 'connect-src' | 'img-src' | 'style-src' | 'font-src' | 'worker-src',
        readonly string[]
      >
    >
  >
}

export const SERVICES: readonly Service[] = [
  {
    name: 'reCAPTCHA',
    address: /(?:www\.google\.com|www\.gstatic\.com)\/recaptcha\//,
    id: /[\\/](?:react-google-recaptcha(?:-v3)?|vue-recaptcha|vue3-recaptcha2|reaptcha)[\\/]/,
    external: ['https://www.google.com/recaptcha/', 'https://www.gstatic.com/recaptcha/'],
    directives: {
      'frame-src': ['https://www.google.com/recaptcha/', 'https://recaptcha.google.com/recaptcha/'],
    },
  },
  {
    name: 'reCAPTCHA outside Google',
    address: /www\.recaptcha\.net\/recaptcha\//,
    external: ['https://www.recaptcha.net/recaptcha/', 'https://www.gstatic.com/recaptcha/'],
    directives: { 'frame-src': ['https://www.recaptcha.net/recaptcha/'] },
  },
  {
    name: 'Google sign-in',
    address: /accounts\.google\.com\/gsi\//,
    external: ['https://accounts.google.com/gsi/client'],
    directives: {
      'frame-src': ['https://accounts.google.com/gsi/'],
      'connect-src': ['https://accounts.google.com/gsi/'],
      'style-src': ['https://accounts.google.com/gsi/style'],
    },
  },
  {
    name: 'Google Maps',
    address: /maps\.googleapis\.com\//,
    external: ['https://maps.googleapis.com/maps/api/js', 'https://maps.googleapis.com/maps-api-v3/'],
    directives: {
      'connect-src': ['https://maps.googleapis.com'],
      'img-src': ['https://maps.gstatic.com', 'https://maps.googleapis.com', 'data:'],
      'style-src': ['https://fonts.googleapis.com'],
      'font-src': ['https://fonts.gstatic.com'],
    },
  },
  {
    name: 'Google tags',
    address: /www\.googletagmanager\.com\//,
    external: ['https://www.googletagmanager.com/gtag/js', 'https://www.googletagmanager.com/gtm.js'],
    directives: {
      'connect-src': [
        'https://*.google-analytics.com',
        'https://*.analytics.google.com',
        'https://*.googletagmanager.com',
      ],
      'img-src': ['https://*.google-analytics.com', 'https://*.googletagmanager.com'],
    },
  },
  {
    name: 'YouTube',
    address: /www\.youtube\.com\/(?:iframe_api|player_api|s\/player\/)/,
    id: /[\\/](?:youtube-player|react-youtube|vue-youtube)[\\/]/,
    external: ['https://www.youtube.com/iframe_api', 'https://www.youtube.com/s/player/'],
    directives: { 'frame-src': ['https://www.youtube.com', 'https://www.youtube-nocookie.com'] },
  },
  {
    name: 'Stripe',
    address: /js\.stripe\.com/,
    external: ['https://js.stripe.com'],
    directives: {
      'frame-src': ['https://js.stripe.com', 'https://hooks.stripe.com'],
      'connect-src': ['https://api.stripe.com'],
    },
  },
  {
    name: 'PayPal',
    address: /www\.(?:sandbox\.)?paypal\.com\/sdk/,
    id: /[\\/]@paypal[\\/]/,
    external: ['https://www.paypal.com/sdk/', 'https://www.paypalobjects.com'],
    directives: { 'frame-src': ['https://www.paypal.com'], 'connect-src': ['https://www.paypal.com'] },
  },
  {
    name: 'hCaptcha',
    address: /hcaptcha\.com/,
    external: ['https://js.hcaptcha.com', 'https://newassets.hcaptcha.com'],
    directives: {
      'frame-src': ['https://newassets.hcaptcha.com'],
      'connect-src': ['https://api.hcaptcha.com', 'https://newassets.hcaptcha.com'],
    },
  },
  {
    name: 'Turnstile',
    address: /challenges\.cloudflare\.com/,
    external: ['https://challenges.cloudflare.com/turnstile/'],
    directives: { 'frame-src': ['https://challenges.cloudflare.com'] },
  },
  {
    name: 'Clarity',
    address: /www\.clarity\.ms/,
    id: /[\\/]@microsoft[\\/]clarity[\\/]/,
    external: ['https://www.clarity.ms', 'https://scripts.clarity.ms'],
    directives: { 'connect-src': ['https://*.clarity.ms'], 'img-src': ['https://*.clarity.ms'] },
  },
  {
    name: 'PostHog',
    address: /(?:us|eu)(?:-assets)?\.i\.posthog\.com/,
    id: /[\\/]posthog-js[\\/]/,
    external: ['https://us-assets.i.posthog.com', 'https://eu-assets.i.posthog.com'],
    directives: { 'connect-src': ['https://us.i.posthog.com', 'https://eu.i.posthog.com'] },
  },
  {
    name: 'Disqus',
    address: /\.disqus\.com/,
    id: /[\\/](?:disqus-react|vue-disqus)[\\/]/,
    external: ['https://*.disqus.com/embed.js', 'https://*.disqus.com/count.js', 'https://c.disquscdn.com'],
    directives: {
      'frame-src': ['https://disqus.com'],
      'connect-src': ['https://links.services.disqus.com'],
      'img-src': ['https://c.disquscdn.com'],
      'style-src': ['https://c.disquscdn.com'],
    },
  },
  {
    name: 'TinyMCE',
    address: /cdn\.tiny\.cloud/,
    id: /[\\/]@tinymce[\\/]/,
    external: ['https://cdn.tiny.cloud/1/'],
    directives: { 'style-src': ['https://cdn.tiny.cloud/1/'], 'connect-src': ['https://cdn.tiny.cloud/1/'] },
  },
  {
    name: 'Vercel Analytics',
    address: /^\/_vercel\/insights\/|va\.vercel-scripts\.com\/v1\/script/,
    id: /[\\/]@vercel[\\/]analytics[\\/]/,
    external: ['/_vercel/insights/script.js'],
  },
  {
    name: 'Vercel Speed Insights',
    address: /^\/_vercel\/speed-insights\/|va\.vercel-scripts\.com\/v1\/speed-insights/,
    id: /[\\/]@vercel[\\/]speed-insights[\\/]/,
    external: ['/_vercel/speed-insights/script.js'],
  },
  {
    name: 'Intercom',
    address: /widget\.intercom\.io/,
    id: /[\\/]@intercom[\\/]messenger-js-sdk[\\/]/,
    external: ['https://widget.intercom.io', 'https://js.intercomcdn.com'],
    directives: {
      'connect-src': ['https://api-iam.intercom.io', 'wss://nexus-websocket-a.intercom.io'],
      'frame-src': ['https://intercom-sheets.com'],
    },
  },
  {
    name: 'Hotjar',
    address: /static\.hotjar\.com/,
    external: ['https://static.hotjar.com', 'https://script.hotjar.com'],
    directives: { 'connect-src': ['https://*.hotjar.com', 'wss://*.hotjar.com', 'https://*.hotjar.io'] },
  },
  {
    name: 'Vimeo',
    address: /player\.vimeo\.com/,
    external: ['https://player.vimeo.com'],
    directives: { 'frame-src': ['https://player.vimeo.com'] },
  },
  {
    name: 'X',
    address: /platform\.(?:twitter|x)\.com/,
    external: ['https://platform.twitter.com'],
    directives: { 'frame-src': ['https://platform.twitter.com'] },
  },
]

/** The service that a URL belongs to, or that a package loads. */
export function serviceOf(address: string, id = ''): Service | undefined {
  return SERVICES.find((service) => service.address.test(address) || service.id?.test(id))
}
