/** Entry of the command line: `npx slipway ...`. */

import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defaultDataDir } from '../../shared/data-dir.ts'

const args = process.argv
const given = args.includes('--data-dir') ? args[args.indexOf('--data-dir') + 1] : process.env.SLIPWAY_DATA_DIR
const base = given ?? defaultDataDir(process.platform, process.env, homedir())
// The host's cache of compiled code, once there is one: a command makes no folders.
if (existsSync(join(base, 'cache'))) enableCompileCache(join(base, 'cache', 'code'))
const { runProcess } = await import('./process.ts')
const bundled = import.meta.filename.endsWith('.js')
await runProcess(base, join(import.meta.dirname, bundled ? 'headless.js' : '../host/headless.ts'))
