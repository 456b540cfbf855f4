import type { DefaultTreeAdapterTypes as Tree } from 'parse5'

export interface PageNode {
  readonly node: Tree.Node
  /** Inside a `<template>`, which is inert until a script clones it. */
  readonly inTemplate: boolean
  /** Inside a declarative shadow root. */
  readonly inShadow: boolean
  /** A child of `<head>`. */
  readonly inHead: boolean
}

const htmlNamespace = 'http://www.w3.org/1999/xhtml'
const svgNamespace = 'http://www.w3.org/2000/svg'

export function isHtml(element: Tree.Element): boolean {
  return element.namespaceURI === htmlNamespace
}

export function isSvg(element: Tree.Element): boolean {
  return element.namespaceURI === svgNamespace
}

/** Attributes by name; prefixed attributes such as `xlink:href` keep their prefix. */
export function attributesOf(element: Tree.Element): Map<string, string> {
  return new Map(
    element.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, value] as const),
  )
}

/** The concatenated text nodes of an element, not of its descendants. Engines hash this text. */
export function textOf(element: Tree.Element): string {
  return element.childNodes.map((child) => ('value' in child ? child.value : '')).join('')
}

/**
 * A `<template shadowrootmode>` becomes a shadow root, so its content is active.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#attr-template-shadowrootmode
 */
function isShadowRoot(element: Tree.Element): boolean {
  const host = element.parentNode
  if (!host || !('tagName' in host) || !isHtml(host) || !canHostShadow(host.tagName)) return false
  return host.childNodes.find((child) => 'attrs' in child && declaresShadow(child)) === element
}

function declaresShadow(element: Tree.Element): boolean {
  const mode = attributesOf(element).get('shadowrootmode')?.toLowerCase()
  return element.nodeName === 'template' && (mode === 'open' || mode === 'closed')
}

/** @see https://dom.spec.whatwg.org/#dom-element-attachshadow */
function canHostShadow(name: string): boolean {
  if (name.includes('-')) return true
  const hosts = ['article', 'aside', 'blockquote', 'body', 'div', 'footer', 'header', 'main', 'nav', 'p']
  return hosts.includes(name) || /^h[1-6]$/.test(name) || name === 'section' || name === 'span'
}

export function nextNodes({ node, inTemplate, inShadow }: PageNode): PageNode[] {
  if (!('childNodes' in node)) return []
  if (node.nodeName === 'template' && 'content' in node) {
    const inert = inTemplate || !isShadowRoot(node)
    return node.content.childNodes.map((child) => ({
      node: child,
      inTemplate: inert,
      inShadow: true,
      inHead: false,
    }))
  }
  const inHead = node.nodeName === 'head'
  return node.childNodes.map((child) => ({ node: child, inTemplate, inShadow, inHead }))
}
