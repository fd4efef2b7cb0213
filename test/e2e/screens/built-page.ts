import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const SOURCES = ['renderer', 'shared', 'build/vite.renderer.config.ts']

/** The folder of the built page; built first when a source is newer than it. */
export async function builtPage(): Promise<string> {
  const page = at('out/renderer')
  const index = at('out/renderer/index.html')
  if (!existsSync(index) || SOURCES.some((source) => newest(at(source)) > statSync(index).mtimeMs)) {
    // A process of its own: under the test runner's environment the bundler would build for development.
    const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--config', at('build/vite.renderer.config.ts')]
    await promisify(execFile)(process.execPath, vite, { env: { ...process.env, NODE_ENV: 'production' } })
  }
  return page
}

function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs), 0)
}
