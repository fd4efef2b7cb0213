import type { DeviceStatus, Slot } from '../../../../../shared/model/device.ts'
import type { MenderBinding } from '../../../../../shared/model/mender-binding.ts'
import type { Facts } from '../../../protocol/mender/facts.ts'
import type { Job } from '../../../protocol/mender/job.ts'
import type { Pending, Work } from '../../../protocol/mender/pending.ts'

/** All that the client has written down of its artifacts, and its last job, asked at one moment. */
export interface Told extends Work {
  readonly job: Job | null
}

/**
 * What is installed, by the client's own names. Payloads that run as soon as they are installed count from then on;
 * of those that need a restart the client knows nothing until they are committed.
 */
export function installed(provides: Facts, pending: Pending | null, restart: MenderBinding['restart']): Facts {
  return restart === 'none' && pending ? new Map([...provides, ...pending.provides]) : provides
}

/** What runs, and what waits to. A trial is whatever runs and is not, or no longer, committed. */
export function slotsOf(versions: DeviceStatus['versions'], told: Told, restart: MenderBinding['restart']): Slot[] {
  return Object.entries(versions).flatMap(([component, version]) => {
    const slot = { component, hash: null, permanent: false }
    const running = {
      ...slot,
      name: 'running',
      version,
      active: true,
      pending: false,
      confirmed: !isTrial(version, told),
    }
    const waiting = waitingFor(told, restart)
    if (waiting === null || waiting === version) return [running]
    return [running, { ...slot, name: 'installed', version: waiting, active: false, pending: true, confirmed: false }]
  })
}

function isTrial(version: string | null, { committed, pending, job }: Told): boolean {
  if (version === null) return false
  if (pending) return pending.artifact === version
  // The client took it back after a commit that a script refused, and it runs until the next restart.
  return job?.artifact === version && committed !== version
}

/** The artifact that the next restart may bring, or that a person left uncommitted. */
function waitingFor({ committed, pending, job }: Told, restart: MenderBinding['restart']): string | null {
  if (pending) return pending.artifact
  return restart === 'reboot' && isCommittedUnseen(committed, job) ? (job?.artifact ?? null) : null
}

/** Payloads that cannot be rolled back are committed at once, before the restart that they ask for. */
export function isCommittedUnseen(committed: string | null, job: Job | null): boolean {
  return job?.what === 'install' && job.code === REBOOT_NEEDED && !job.restarted && committed === job.artifact
}

/** Exit code of `install --reboot-exit-code`. */
export const REBOOT_NEEDED = 4
