import type { ScriptType } from './script-type.ts'

/** A 1-based position, as in editors. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A thing in a page that CSP or SRI can affect. Items are in document order. */
export type PageItem = { readonly at: Position } & (
  | { readonly kind: 'policy'; readonly content: string; readonly inHead: boolean }
  | { readonly kind: 'charset'; readonly endOffset: number }
  | { readonly kind: 'base'; readonly href: string }
  | {
      readonly kind: 'inline-script'
      readonly type: ScriptType
      readonly text: string
      readonly nonce: string | undefined
      readonly nomodule: boolean
      readonly inTemplate: boolean
    }
  | {
      readonly kind: 'script'
      readonly type: ScriptType
      readonly url: string
      readonly integrity: string | undefined
      readonly crossorigin: string | undefined
      readonly nonce: string | undefined
      readonly nomodule: boolean
    }
  | {
      readonly kind: 'link'
      readonly rel: 'stylesheet' | 'modulepreload' | 'preload'
      readonly as: string
      readonly url: string
      readonly integrity: string | undefined
      readonly crossorigin: string | undefined
      readonly nonce: string | undefined
    }
  | { readonly kind: 'inline-style'; readonly text: string; readonly nonce: string | undefined }
  | { readonly kind: 'style-attribute'; readonly text: string }
  | { readonly kind: 'handler'; readonly name: string; readonly text: string }
  | { readonly kind: 'javascript-url'; readonly text: string }
  | {
      readonly kind: 'load'
      readonly directive: LoadDirective
      readonly url: string
    }
  | { readonly kind: 'srcdoc'; readonly items: readonly PageItem[]; readonly inTemplate: boolean }
)

export type LoadDirective =
  | 'img-src'
  | 'media-src'
  | 'object-src'
  | 'frame-src'
  | 'manifest-src'
  | 'form-action'
