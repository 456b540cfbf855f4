import { type ComputedText, ConstantFolder } from '../text/fold-constants.ts'
import { Tokens } from '../text/js-tokens.ts'

/** `import(…)` with any argument but a plain string. Excludes `System.import(…)`, which is an ordinary method. */
const COMPUTED = /(?<![\w$]|\.\s*)import\s*\(\s*(?!(["'`])(?:(?!\1|\$\{)[^\\])*\1\s*[,)])/

/** Whether a script contains an import whose specifier is computed. */
export function importsComputed(code: string): boolean {
  return COMPUTED.test(code)
}

/** The specifiers of computed imports, as far as they follow from constants in the script. */
export function computedSpecifiers(code: string): ComputedText[] {
  if (!importsComputed(code)) return []
  const tokens = new Tokens(code)
  const folder = new ConstantFolder(tokens)
  const all: ComputedText[] = []
  for (let index = 0; index < tokens.length; index++) {
    if (!tokens.is(index, 'import') || !tokens.is(index + 1, '(')) continue
    const isPlain = tokens.string(index + 2) !== undefined && /^[,)]$/.test(tokens.text(index + 3))
    if (tokens.text(index - 1) === '.' || isPlain) continue
    const close = tokens.partner(index + 1)
    if (close > index + 2) all.push(...folder.expression(index + 2, folder.endOfArgument(index + 2, close)))
  }
  const bySpelling = new Map(all.map((one) => [JSON.stringify(one), one]))
  return [...bySpelling.values()]
}
