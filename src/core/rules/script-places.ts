import type { FindingPlace } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import type { CodeTraits } from '../needs/search-code.ts'
import type { InlineScript, ModuleSource, ScannedPage, SiteContext } from '../site/model.ts'
import type { ModuleTest, RuleScript } from './rule.ts'

const isAny: ModuleTest = () => true
const isInstalled = ({ id }: ModuleSource): boolean => /[\\/]node_modules[\\/]|^\0/.test(id)

/** A script in a file of its own. */
export class FileScript implements RuleScript {
  private readonly modules = new Map<string | ModuleTest, readonly ModuleSource[]>()

  constructor(
    private readonly site: SiteContext,
    readonly file: string,
    readonly traits: RuleScript['traits'],
  ) {}

  modulesWith(test: RegExp | ModuleTest): readonly ModuleSource[] {
    const key = typeof test === 'function' ? test : test.source
    const known = this.modules.get(key)
    if (known) return known
    const passes = typeof test === 'function' ? test : (code: string): boolean => test.test(code)
    const modules = [...(this.site.modules?.(this.file) ?? [])].filter(({ code }) => passes(code))
    // The user's own modules come first: the user can change those.
    const found = modules.toSorted((a, b) => Number(isInstalled(a)) - Number(isInstalled(b)))
    this.modules.set(key, found)
    return found
  }

  where(_offset: number, pattern: RegExp): string {
    const modules = this.modulesWith(pattern).map((module) => this.nameOf(module))
    return modules.length > 0 ? `${this.file} (${modules.join(', ')})` : this.file
  }

  nameOf({ id }: ModuleSource): string {
    return this.site.source?.(id)?.file ?? shortId(id)
  }

  placeIn({ id }: ModuleSource, find: (text: string) => number): FindingPlace | undefined {
    const own = this.site.source?.(id)
    const at = own ? find(own.text) : -1
    return own && at !== -1 ? { file: own.file, source: own.text, offset: at } : undefined
  }

  find(pattern: RegExp): FindingPlace {
    // The bundler removes import declarations from the rendered code of a module.
    for (const module of [...this.modulesWith(pattern), ...this.modulesWith(isAny)]) {
      const place = this.placeIn(module, (text) => text.search(pattern))
      if (place) return place
    }
    const source = this.text()
    return { file: this.file, source, offset: Math.max(0, source.search(pattern)) }
  }

  text(): string {
    return new TextDecoder().decode(this.site.file(this.file))
  }

  place(offset: number, pattern: RegExp): FindingPlace | undefined {
    for (const module of this.modulesWith(pattern)) {
      const place = this.placeIn(module, (text) => text.search(pattern))
      if (place) return place
    }
    const bytes = this.site.file(this.file)
    if (!bytes) return undefined
    // The search counted bytes.
    const text = new TextDecoder()
    const before = text.decode(bytes.subarray(0, offset))
    return { file: this.file, source: text.decode(bytes), offset: before.length }
  }
}

/** The part of a module id that users recognise: the package and the path in it. */
function shortId(id: string): string {
  const clean = id
    .replace(/[?#].*$/, '')
    .replaceAll('\\', '/')
    .replaceAll('\0', '')
  return clean.split('/node_modules/').at(-1) ?? clean
}

/** An inline script of the page. */
export function inlineScript(
  site: SiteContext,
  page: ScannedPage,
  script: InlineScript,
  traits: CodeTraits,
): RuleScript {
  const place = (offset: number, pattern: RegExp): FindingPlace => {
    const start = pagePlace(site, page, script.span.start)
    const from = start.offset + (script.textSpan.start - script.span.start)
    const at = start.source.slice(from).search(pattern)
    return { ...start, offset: from + (at === -1 ? offset : at) }
  }
  return {
    file: page.path,
    inline: script,
    traits,
    modulesWith: () => [],
    nameOf: ({ id }) => id,
    placeIn: () => undefined,
    text: () => script.text,
    where: () => 'The <script>',
    place,
    find: (pattern) => place(0, pattern),
  }
}
