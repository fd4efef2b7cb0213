/** Entry of the command line: `npx slipway ...`. */

import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defaultDataDir } from '../../shared/data-dir.ts'

const args = process.argv
const given = args.includes('--data-dir') ? args[args.indexOf('--data-dir') + 1] : process.env.SLIPWAY_DATA_DIR
const base = given ?? defaultDataDir(process.platform, process.env, homedir())
// In the owner's own folder: compiled code from a folder that others can write to would be theirs.
enableCompileCache(join(base, 'cache', 'code'))
const { runProcess } = await import('./process.ts')
const bundled = import.meta.filename.endsWith('.js')
await runProcess(base, join(import.meta.dirname, bundled ? 'headless.js' : '../host/headless.ts'))
