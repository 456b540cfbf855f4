/** The names of the victim's sinks: its own module's, and `write` of its classic script. */
export const SINKS = [
  'write',
  'innerHTML',
  'setHTMLUnsafe',
  'fragment',
  'clone',
  'reparse',
  'revive',
  'scriptUrl',
  'moduleUrl',
  'scriptText',
  'importUrl',
  'workerUrl',
  'link',
  'frame',
  'srcdoc',
  'location',
  'evaluate',
  'construct',
  'timer',
  'handler',
] as const

export type SinkName = (typeof SINKS)[number]

export const isSink = (name: string): name is SinkName => (SINKS as readonly string[]).includes(name)
