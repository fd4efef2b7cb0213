/** `npm test`: all lanes, on a machine that may never have seen the project. */

import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { runLanes } = await import('./lanes/run-lanes.ts')
process.exitCode = await runLanes(process.argv.slice(2))
