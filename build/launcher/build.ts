import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STAMP = join(ROOT, 'out', 'built')
/** What ends up in the bundles. */
const SOURCES = [
  'shared',
  'electron',
  'renderer',
  // Not the folder: the bundler writes beside its configuration while it reads that.
  'build/electron.vite.config.ts',
  'build/vite.renderer.config.ts',
  'package.json',
  'package-lock.json',
]

/** Whether some source is newer than the build, or there is none. An installed package has no sources to compare. */
export function isStale(
  stamp = STAMP,
  sources: readonly string[] = SOURCES.map((source) => join(ROOT, source)),
): boolean {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  return sources.some((source) => existsSync(source) && newest(source) > built)
}

function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  // The folder's own time tells of files that came or went.
  const entries = readdirSync(path, { recursive: true, withFileTypes: true })
  return entries.reduce(
    (latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs),
    stats.mtimeMs,
  )
}

/** Builds when needed. False when that failed; what the bundler said is on the error output then. */
export async function buildIfStale(): Promise<boolean> {
  if (!isStale()) return true
  const startedAt = new Date()
  process.stderr.write('Building Slipway ... ')
  const bundler = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const child = spawn(
    process.execPath,
    [bundler, 'build', '--config', join(ROOT, 'build', 'electron.vite.config.ts')],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) {
    process.stderr.write(`failed.\n${said}\n`)
    return false
  }
  writeFileSync(STAMP, '')
  // Sources that change while the bundler runs must look newer than what it made of them.
  utimesSync(STAMP, startedAt, startedAt)
  process.stderr.write(`done in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s.\n`)
  return true
}
