/** `npm run dist`: installers for this machine's platform, in release/. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const { buildIfStale } = await import('./launcher/build.ts')
const { fetchElectron, findElectron, mirrorOf } = await import('./launcher/electron-runtime.ts')
const root = fileURLToPath(new URL('..', import.meta.url))

if (!(await buildIfStale())) process.exit(1)
if (!findElectron() && !(await fetchElectron())) {
  console.error(
    `Installers contain the Electron runtime, and it cannot be had here: ${mirrorOf(process.env)} does not answer, or\n` +
      'ELECTRON_SKIP_BINARY_DOWNLOAD is set. Run this where the network allows it, or set ELECTRON_MIRROR to a mirror.',
  )
  process.exit(1)
}
const builder = fileURLToPath(new URL('../node_modules/electron-builder/cli.js', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [builder, '--config', 'build/electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exit(status ?? 1)
