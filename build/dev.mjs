/** `npm run dev [-- --demo]` */

import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { dev } = await import('./launcher/dev.ts')
process.exitCode = await dev(process.argv.slice(2))
