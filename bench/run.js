// Compares this package with its peers and with bare parsing: `npm run bench`, or `npm run bench -- build scan`.
import { installDependencies, root, run } from '../scripts/run.js'

installDependencies()
run('npx', ['tsc', '-p', 'bench'])
run(process.execPath, ['bench/dist/bench/main.js', ...process.argv.slice(2)], { cwd: root })
