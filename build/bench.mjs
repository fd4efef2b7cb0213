/** `npm run bench -- NAME`: one measurement against a peer or a physical limit. */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const folder = fileURLToPath(new URL('../test/bench/', import.meta.url))
const [name, ...args] = process.argv.slice(2)
const file = `${folder}${name}.ts`
if (!name || !/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(folder).filter((entry) => entry.endsWith('.ts'))
  console.error(`Say which: ${names.map((entry) => entry.slice(0, -3)).join(', ')}`)
  process.exit(2)
}
// The same flags as this process: an older Node has to be asked to read TypeScript.
const { status } = spawnSync(process.execPath, [...process.execArgv, file, ...args], { stdio: 'inherit' })
process.exit(status ?? 1)
