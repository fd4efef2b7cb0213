import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from './browsers.ts'
import { ROOT } from './build.ts'

const PACKAGE = join(ROOT, 'node_modules', 'electron')
/** Is the place with the runtimes within reach at all? A blocked network often answers nothing, ms. */
const PROBE_MS = 4000
/** About 120 MB; somebody waits in front of the screen, ms. */
const FETCH_MS = 180_000

/** Electron's program, when it is on this machine. Never fetches anything, as `require('electron')` would. */
export function findElectron(env: Env = process.env, folder = PACKAGE): string | null {
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'))
  return existsSync(program) ? program : null
}

/** Where Electron's own installer would fetch from. */
export function mirrorOf(env: Env): string {
  return (
    env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/'
  )
}

/**
 * Fetches the runtime with Electron's own installer, which checks its sum. Null when it is not to be
 * had: the network is blocked or off, somebody forbade it, or it takes too long.
 */
export async function fetchElectron(env: Env = process.env): Promise<string | null> {
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD || !existsSync(join(PACKAGE, 'install.js'))) return null
  if (!(await answers(mirrorOf(env)))) return null
  process.stderr.write('Fetching the Electron runtime, once (about 120 MB) ...\n')
  const child = spawn(process.execPath, [join(PACKAGE, 'install.js')], { stdio: ['ignore', 'ignore', 'inherit'] })
  const late = setTimeout(() => child.kill(), FETCH_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(late)
  return code === 0 ? findElectron(env) : null
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
    return true
  } catch {
    return false
  }
}
