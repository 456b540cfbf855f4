import { type Finding, finding } from '../findings/index.ts'
import { type EvalUse, evalUses } from '../needs/eval-uses.ts'
import type { ModuleSource } from '../site/model.ts'
import { deciding, type Rule, type RuleScript } from './rule.ts'

interface Library {
  /** Matches the ids of its modules. */
  readonly id: RegExp
  /** Matches its code, if modules are unknown. */
  readonly text: RegExp
  /** How to use it without eval: continues a sentence that begins with "To do without it, ". */
  readonly way: string
}

/** Libraries that can be configured to work without eval. */
const LIBRARIES: readonly Library[] = [
  {
    id: /[\\/]zod[\\/]/,
    text: /\bjitless\b/,
    way: 'call z.config({ jitless: true }) before the first schema is used',
  },
  {
    id: /[\\/]alpinejs[\\/]/,
    text: /Alpine Expression Error/,
    way: "import '@alpinejs/csp' in place of 'alpinejs'",
  },
  {
    id: /[\\/](?:@vue[\\/]compiler-dom|vue)[\\/]/,
    text: /Template compilation error/,
    way: "use Vue's runtime build (resolve.alias: { vue: 'vue/dist/vue.runtime.esm-bundler.js' }) and compile templates when you build",
  },
  {
    id: /[\\/]handlebars[\\/]/,
    text: /Template was precompiled with/,
    way: "compile templates when you build and import 'handlebars/runtime'",
  },
  {
    id: /[\\/]ajv[\\/]/,
    text: /\$ajv|Error compiling schema, function code/,
    way: 'compile schemas when you build (ajv/dist/standalone)',
  },
  {
    id: /[\\/]pixi\.js[\\/]|[\\/]@pixi[\\/]/,
    text: /unsafe-eval not supported|pixi\.js\/unsafe-eval/,
    way: "add import 'pixi.js/unsafe-eval' before anything of pixi.js",
  },
  {
    id: /[\\/]protobufjs[\\/]|[\\/]@protobufjs[\\/]/,
    text: /inquire\(moduleName\)/,
    way: "generate static code with pbjs and import 'protobufjs/minimal'",
  },
  {
    id: /[\\/]htmx\.org[\\/]/,
    text: /htmx:evalDisallowedError/,
    way: 'set htmx.config.allowEval = false (hx-on and filters of hx-trigger then do nothing)',
  },
  {
    id: /[\\/]vega(?:-[\w-]+)?[\\/]/,
    text: /vegaEmbed/,
    way: 'use vega-interpreter: vegaEmbed(el, spec, { ast: true, expr: expressionInterpreter })',
  },
  {
    id: /[\\/](?:lodash(?:-es|\.template)?|underscore)[\\/]/,
    text: /lodash\.templateSources/,
    way: 'compile templates when you build in place of calling template() in the browser',
  },
]

/** How to avoid eval in a file, by its path or its content. */
export function wayWithoutEval(file: string, text: string): string {
  return (
    LIBRARIES.find((library) => library.id.test(`/${file}`) || library.text.test(text))?.way ?? FALLBACK_WAY
  )
}

const FALLBACK_WAY = 'replace it: many libraries with a run-time compiler have a build without'

interface Evaluating {
  readonly module: ModuleSource | undefined
  readonly uses: readonly EvalUse[]
}

const isTried = ({ uses }: Evaluating): boolean => uses.every(({ tried }) => tried)
const evaluates = (code: string): boolean => evalUses(code).length > 0

function evaluating(script: RuleScript): Evaluating[] {
  const modules = script.modulesWith(evaluates).map((module) => ({ module, uses: evalUses(module.code) }))
  return modules.length > 0 ? modules : [{ module: undefined, uses: script.traits.evals }]
}

function wayOf(script: RuleScript, modules: readonly ModuleSource[]): string {
  const known = LIBRARIES.find(({ id, text }) =>
    modules.length > 0 ? modules.some((module) => id.test(module.id)) : text.test(script.text()),
  )
  return known?.way ?? FALLBACK_WAY
}

function told(code: 'eval-used' | 'eval-tried', script: RuleScript, group: readonly Evaluating[]): Finding[] {
  const [first] = group
  const use = first?.uses[0]
  if (!first || !use) return []
  const modules = group.flatMap(({ module }) => module ?? [])
  const names = [...new Set(modules.map((module) => script.nameOf(module)))]
  // If modules are unknown, only the text of the file is available, in which the search counted bytes.
  const where = names.length > 0 ? `${script.file} (${names.join(', ')})` : script.where(use.offset, NOWHERE)
  const more = group.reduce((sum, { uses }) => sum + uses.length, 0) - 1
  const place =
    (first.module && script.placeIn(first.module, (text) => evalUses(text)[0]?.offset ?? -1)) ??
    script.place(script.traits.evals[0]?.offset ?? 0, NOWHERE)
  return [finding(code, { where, what: use.what, more, way: wayOf(script, modules) }, place)]
}

const NOWHERE = /(?!)/

/**
 * `eval(text)`, `new Function(text)` and aliases of them, without `'unsafe-eval'`. A use inside a `try` is a
 * separate finding: the library works, but the browser reports a violation.
 * @see https://www.w3.org/TR/CSP3/#can-compile-strings
 */
export const evalUsed: Rule = (page) => {
  const list = deciding(page, 'script-src')?.list
  if (!list || list.includes("'unsafe-eval'")) return []
  return page.scripts.flatMap((script) => {
    if (script.traits.evals.length === 0) return []
    const all = evaluating(script)
    return [
      ...told(
        'eval-used',
        script,
        all.filter((one) => !isTried(one)),
      ),
      ...told('eval-tried', script, all.filter(isTried)),
    ]
  })
}
