/** `npm start [-- --demo]` */

import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { start } = await import('./launcher/start.ts')
process.exitCode = await start(process.argv.slice(2))
