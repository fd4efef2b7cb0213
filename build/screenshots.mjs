/** `node build/screenshots.mjs`: the pictures of the README, from a demo that is really played through. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-runtime.mjs'

await ensureNode(import.meta.url)
const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const vitest = [at('../node_modules/vitest/vitest.mjs'), 'run', '--config', at('vitest.config.ts')]
const { status } = spawnSync(process.execPath, [...vitest, '--project', 'e2e', 'test/e2e/demo/by-mouse.test.ts'], {
  cwd: at('..'),
  stdio: 'inherit',
  env: { ...process.env, SLIPWAY_PICTURES: at('screenshots') },
})
process.exit(status ?? 1)
