import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5'

/** The URLs that the links of a page point to, in document order. Runs in linear time. */
export function linkedUrls(html: string, page: string): URL[] {
  const hrefs: string[] = []
  let base = page
  const open: Tree.Node[] = [parse(html)]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('tagName' in node) {
      const href = node.attrs.find(({ name }) => name === 'href')?.value
      if (href !== undefined && (node.tagName === 'a' || node.tagName === 'area')) hrefs.push(href)
      if (href !== undefined && node.tagName === 'base' && base === page && URL.canParse(href, page))
        base = new URL(href, page).href
    }
    if ('childNodes' in node)
      for (let index = node.childNodes.length - 1; index >= 0; index--) {
        const child = node.childNodes[index]
        if (child) open.push(child)
      }
  }
  return hrefs.filter((href) => URL.canParse(href, base)).map((href) => new URL(href, base))
}
