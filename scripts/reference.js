// The API reference from the docstrings: reads dist/*.d.ts and answers with docs/reference.md, which
// `npx vitest -u --project runs test/runs/reference` writes. typedoc needs an API that TypeScript 7 has not got.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { root } from './run.js'

const ENTRIES = [
  { file: 'index.d.ts', title: 'vite-plugin-csp-hashes' },
  { file: 'server.d.ts', title: 'vite-plugin-csp-hashes/server' },
]

const INTRODUCTION = [
  '# API reference',
  'Made from the docstrings of the code. The options are explained with examples in [Options in detail](options.md), the flags of the command in [The command](command-line.md).',
]

/** The declarations, imports and re-exports of one file of types. */
function readTypes(file) {
  const source = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, source)
  const declared = new Map()
  const elsewhere = new Map()
  const exported = new Set()
  for (const node of program.body) {
    for (const { imported, exported: as, local } of node.source ? (node.specifiers ?? []) : [])
      elsewhere.set((as ?? local).name, { name: (imported ?? local).name, source: node.source.value })
    if (node.type.startsWith('Export'))
      for (const { exported: as } of node.specifiers ?? []) exported.add(as.name)
    const declaration = node.declaration ?? node
    const name = declaration.id?.name ?? declaration.declarations?.[0].id.name
    if (!name) continue
    declared.set(name, { declaration, at: node.start })
    if (node.type.startsWith('Export')) exported.add(name)
  }
  const docsBefore = (offset) => {
    const comment = comments.findLast(
      ({ end, value }) => end <= offset && value.startsWith('*') && source.slice(end, offset).trim() === '',
    )
    return comment ? readDocs(comment.value) : { text: '', tags: [] }
  }
  return { file, source, declared, elsewhere, exported, docsBefore }
}

/** The text of a docstring, and its tags. */
function readDocs(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
  const text = lines.join('\n').replace(/\{@link (\w+)\}/g, '`$1`')
  const [prose = '', ...tags] = text.split(/(?:^|\s)@(?=(?:default|throws|see)\b)/)
  return {
    text: prose.trim(),
    tags: tags.map((tag) => {
      const [, name, value] = /^(\w+)\s*([^]*)$/.exec(tag)
      return { name, value: value.trim() }
    }),
  }
}

function tagText({ name, value }) {
  if (name === 'default')
    return `Default: ${/^[['{\d]|^(?:true|false|undefined)$/.test(value) ? `\`${value}\`` : value}`
  if (name === 'throws') return `Throws ${value.replace(/^\{(\w+)\}/, '`$1`')}`
  return `See <${value}>`
}

const paragraphs = ({ text, tags }) =>
  [text, ...tags.filter(({ value }) => value !== 'undefined').map((tag) => `${tagText(tag)}.`)].filter(
    Boolean,
  )

/** Every name of a type in a node, `typeof` values left out. */
function typeNames(node, found = new Set()) {
  if (Array.isArray(node)) for (const one of node) typeNames(one, found)
  else if (node && typeof node === 'object') {
    if (node.type === 'TSTypeReference' && node.typeName.type === 'Identifier') found.add(node.typeName.name)
    if (node.type === 'TSInterfaceHeritage' || node.type === 'TSClassImplements')
      found.add(node.expression.name)
    if (node.type !== 'TSTypeQuery') for (const value of Object.values(node)) typeNames(value, found)
  }
  return found
}

/** Members of an interface, and the properties of a class: how an error is made is nobody's business. */
const members = ({ type, body }) =>
  /Interface|Class/.test(type)
    ? body.body.filter((member) => member.type !== 'MethodDefinition' && member.key?.name !== 'name')
    : []
const oneLine = (text) =>
  text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/;$/, '')
    .replace(/; \}/g, ' }')
    .replace(/^readonly /, '')

function memberLines(types, member) {
  const signature = oneLine(types.source.slice(member.start, member.end))
  const [first = '', ...rest] = paragraphs(types.docsBefore(member.start))
  const head = first === '' ? `- \`${signature}\`` : `- \`${signature}\`<br>\n${first}`
  return [head, ...rest].join('\n\n').replaceAll('\n', '\n  ').replace(/ +$/gm, '')
}

/** What `keyof typeof X` and `(typeof X)[number]` stand for, in place of the name of a value that nobody can look up. */
function spellOut(code, constantType) {
  return code
    .replace(/keyof typeof (\w+)/g, (_, name) => constantType(name).members.map(nameOf).join(' | '))
    .replace(/\(typeof (\w+)\)\[number\]/g, (_, name) =>
      constantType(name)
        .typeAnnotation.elementTypes.map(({ literal }) => literal.raw)
        .join(' | '),
    )
}
const nameOf = ({ key }) => `'${key.name ?? key.value}'`

/** Breaks a union over lines. */
const wrapped = (code) => (code.length > 110 ? code.replace(/([^\n]{90,}?) \| /g, '$1\n  | ') : code)

/** The lines of one declaration: its heading, its code, its docstring, its members. */
function section(types, name, constantType) {
  const { declaration, at } = types.declared.get(name)
  const inside = members(declaration)
  const end = inside.length > 0 ? declaration.body.start : declaration.end
  const code = oneLine(types.source.slice(declaration.start, end)).replace(/^declare /, '')
  return [
    `### ${name}`,
    `\`\`\`typescript\n${wrapped(spellOut(code, constantType)).trim()}\n\`\`\``,
    ...paragraphs(types.docsBefore(at)),
    inside.map((member) => memberLines(types, member)).join('\n'),
  ].filter(Boolean)
}

/** Functions, then classes, then types: what is called comes before what it takes. */
const KINDS = ['TSDeclareFunction', 'ClassDeclaration', 'TSInterfaceDeclaration']
const rank = ({ types, name }) => (KINDS.indexOf(types.declared.get(name).declaration.type) + 4) % 4

/** The whole page, from the types in a folder. */
export function reference(dist = join(root, 'dist')) {
  const files = new Map()
  const open = (file) => {
    if (!files.has(file)) files.set(file, readTypes(file))
    return files.get(file)
  }
  /** The file that declares a name, by way of imports and re-exports; nothing for names of other packages. */
  const find = (types, name) => {
    if (types.declared.has(name)) return { types, name }
    const from = types.elsewhere.get(name)
    if (!from?.source.startsWith('.')) return undefined
    return find(open(join(dirname(types.file), from.source.replace(/\.ts$/, '.d.ts'))), from.name)
  }
  const done = new Set()
  const behind = []
  const add = ({ types, name }) => {
    done.add(types.declared.get(name))
    const { declaration } = types.declared.get(name)
    for (const referred of typeNames(declaration)) behind.push(find(types, referred))
    return section(types, name, (constant) => {
      const { types: home, name: own } = find(types, constant)
      return home.declared.get(own).declaration.declarations[0].id.typeAnnotation.typeAnnotation
    })
  }
  const lines = ENTRIES.flatMap(({ file, title }) => {
    const types = open(join(dist, file))
    const found = [...types.exported].filter((name) => name !== 'default').map((name) => find(types, name))
    const inOrder = found.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'))
    return [`## \`${title}\``, ...inOrder.flatMap(add)]
  })
  lines.push('## Types behind these', 'They have no export: the types above use them.')
  // The list grows while it is read.
  for (const next of behind)
    if (next && !done.has(next.types.declared.get(next.name))) lines.push(...add(next))
  return `${[...INTRODUCTION, ...lines].join('\n\n')}\n`
}
