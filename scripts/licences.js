import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder of the installed package that a module belongs to. */
const packageOf = (id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0]

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one))
  if (file === undefined) throw new Error(`${name} ${version} comes without the text of its licence.`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`
}

/** The licences of the packages that some of the modules are from. */
export async function licences(modules) {
  const folders = [...new Set(modules.map(packageOf))].filter((folder) => folder !== undefined).toSorted()
  const texts = await Promise.all(folders.map(licenceOf))
  return `Parts of these packages are in the files of this folder.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
