/** Entry of the headless host: `node out/main/headless.js`, `slipway host`. */

import { join } from 'node:path'
import { keepCompiledCode } from './code-cache.ts'
import { HEADLESS_USAGE, type HeadlessArgs, readHeadlessArgs } from './headless-args.ts'

let args: HeadlessArgs | null = null
try {
  args = readHeadlessArgs(process.argv.slice(2), process.env)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${HEADLESS_USAGE}\n`)
  process.exitCode = 2
}
if (args) {
  keepCompiledCode(args.dataDir)
  const [{ runHeadless }, { compose }] = await Promise.all([import('./headless-run.ts'), import('./compose.ts')])
  await runHeadless(args, join(import.meta.dirname, '..', 'renderer'), compose)
}
