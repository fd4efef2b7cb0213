/**
 * Plain JavaScript for any Node at all: finds one that can run the rest, or says so in a sentence.
 * The package brings its own Node on Linux and Windows (an optional dependency), so an older one on
 * the machine is enough to get here.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WANTED = [22, 13]
const root = fileURLToPath(new URL('..', import.meta.url))

/** The Node that came with the package for this machine, or null. */
function bundledNode() {
  const platform = { linux: 'linux', win32: 'win' }[process.platform]
  const name = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const path = `${root}node_modules/node-${platform}-${process.arch}/${name}`
  return platform && existsSync(path) ? path : null
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])
}

/** Runs `script` again under a fitting Node when this one does not do, and ends with its exit code. */
export async function ensureNode(script) {
  const stripsTypes = process.features?.typescript !== undefined && process.features.typescript !== false
  if (isNewEnough(process.versions.node) && stripsTypes) return
  const node = isNewEnough(process.versions.node) ? process.execPath : bundledNode()
  if (!node || process.env.SLIPWAY_NODE_TRIED) {
    process.stderr.write(
      `Slipway needs Node.js ${WANTED.join('.')} or newer, and this is ${process.versions.node}.\n` +
        'Install a newer one from https://nodejs.org, then run the same command again.\n',
    )
    process.exit(1)
  }
  // Before 22.18 and 24 reading TypeScript has to be asked for.
  const flags = node === process.execPath ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'] : []
  const child = spawn(node, [...flags, fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SLIPWAY_NODE_TRIED: '1' },
  })
  // The other one is the program and decides what a signal means. A terminal sends Ctrl-C to both.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  process.exit(code ?? 1)
}
