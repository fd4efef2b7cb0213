import type { TestContext } from 'vitest'
import { cannotRun, needsAll } from '../../fixtures/needs.ts'

/** RAUC mounts bundles, which only root may. */
export function needsRauc(context: TestContext): void {
  needsAll(context, ['rauc', 'dbus-daemon', 'mksquashfs', 'openssl', 'ssh-keygen', '/usr/sbin/sshd'])
  if (process.getuid?.() !== 0) cannotRun(context, 'RAUC mounts bundles, which only root may')
}
