/**
 * What a visitor can do in a playground and what they then see. A browser test opens each page and takes its
 * steps in order; how the page is served, and under which policy, is the test's own business.
 */
export interface PlaygroundSpec {
  readonly pages: readonly PlaygroundPage[]
}

export interface PlaygroundPage {
  /** URL path to open, relative to the base the site is served under: `/`, `/about/`. */
  readonly path: string
  /** File in `dist` that answers, with `/`, without a leading one. */
  readonly html: string
  readonly steps: readonly Step[]
}

export interface Step {
  /** Selector of the element to click first. It is there once the step before has been met. */
  readonly click?: string
  /** JavaScript expression that becomes truthy in the page, soon after the click if not at once. */
  readonly expect: string
  /**
   * What must have been loaded for this step that the page does not load at its start; `none`: nothing more than
   * the steps before it. Left out: the page's own start.
   */
  readonly lazy?: 'script' | 'style' | 'worker' | 'none'
}
