import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { expect, type TestContext } from 'vitest'
import { needsTools } from '../artifacts/tools.ts'

/** RAUC mounts bundles, which only root may. */
export function needsRauc(context: TestContext): void {
  needsTools(context, 'rauc', 'dbus-daemon', 'mksquashfs', 'openssl', 'ssh-keygen')
  const lacks = [
    ...(existsSync('/usr/sbin/sshd') ? [] : ['sshd']),
    ...(userInfo().uid === 0 ? [] : ['root: RAUC mounts bundles']),
  ]
  if (lacks.length === 0) return
  expect(process.env.CI, lacks.join(', ')).toBeUndefined()
  context.skip(`missing: ${lacks.join(', ')}`)
}
