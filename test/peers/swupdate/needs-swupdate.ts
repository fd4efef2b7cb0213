import { spawnSync } from 'node:child_process'
import { expect, type TestContext } from 'vitest'

/** Under CI the daemon must be there; elsewhere the test says what is missing. */
export function needsSwupdate(context: TestContext): void {
  const missing = ['swupdate', 'openssl'].filter((name) => spawnSync(name, ['--help']).error !== undefined)
  if (missing.length === 0) return
  expect(process.env.CI, `not installed: ${missing.join(', ')}`).toBeUndefined()
  context.skip(`not installed: ${missing.join(', ')} (apt install swupdate openssl)`)
}
