import { parseArgs } from 'node:util'
import { buildSection } from './build.ts'
import { directorySection } from './directory.ts'
import { doublingSection } from './doubling.ts'
import { hashSection } from './hash.ts'
import { installPackage, installPeers } from './install.ts'
import { rebuildSection } from './rebuild.ts'
import { renderSection } from './render.ts'
import { scanSection } from './scan.ts'
import { scriptsSection } from './scripts.ts'
import { visitorSection } from './visitor.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    case: { type: 'string', multiple: true, default: [] },
    pages: { type: 'string', multiple: true, default: ['10000', '50000'] },
    folder: { type: 'string' },
    site: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [] },
  },
})

const settings = {
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  cases: values.case,
  contestants: values.only,
}

const SECTIONS: Record<string, () => Promise<void>> = {
  scan: async () => scanSection(values.folder),
  hash: async () => hashSection(),
  build: () => buildSection(settings),
  rebuild: () => rebuildSection(settings.rounds),
  visitor: () => visitorSection(),
  render: () => renderSection(settings.rounds),
  scripts: () => scriptsSection(values.site, settings.rounds),
  doubling: () => doublingSection(settings.rounds),
  directory: () => directorySection(values.pages.map(Number), settings.rounds),
}

const wanted = positionals.length > 0 ? positionals : Object.keys(SECTIONS)
installPeers()
installPackage()
for (const name of wanted) {
  const section = SECTIONS[name]
  if (!section) throw new Error(`There is no section ${name}: take ${Object.keys(SECTIONS).join(', ')}.`)
  await section()
}
