import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { sleep } from '../../../link/waiting.ts'
import { failureOf, parseLog } from '../../../protocol/mender/client-log.ts'
import type { Image } from '../../driver.ts'
import { follow } from './follow.ts'
import { lookAt, runs, tell } from './read.ts'
import type { Told } from './running.ts'
import { artifactOf, type MenderSession } from './session.ts'
import { takeBack } from './undo.ts'
import { holds } from './write.ts'

/** Restarts the device into what was installed, where that needs one. Throws `device.no-slot`, `device.refused`. */
export async function startInstalled(
  session: MenderSession,
  images: readonly Image[],
  signal: AbortSignal,
): Promise<void> {
  if (session.binding.restart === 'none') return
  const seen = await lookAt(session, signal)
  if (images.every((image) => runs(seen, image))) return
  const lacking = images.find((image) => !holds(seen.told, image))
  if (lacking) {
    throw new AppError('device.no-slot', { detail: { reason: 'not-held', component: lacking.component } })
  }
  await restart(session, signal)
}

/**
 * Commits what runs on trial. Throws `device.reverted` when something else runs or the client has nothing to commit,
 * `device.script-failed` when a script refuses: the client has rolled back by then.
 */
export async function commit(session: MenderSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  for (const image of images) {
    const seen = await lookAt(session, signal)
    if (isCommitted(seen.told, image) && runs(seen, image)) continue
    const { pending } = seen.told
    if (!pending || !runs(seen, image)) {
      const { component } = image
      throw new AppError('device.reverted', { detail: { component, found: seen.status.versions[component] ?? null } })
    }
    const artifact = artifactOf(image)
    if (pending.artifact !== artifact) {
      throw new AppError('device.pending-image', { detail: { version: pending.artifact, state: 'uncommitted' } })
    }
    await session.client.start({ what: 'commit', artifact, sha256: image.sha256 }, signal)
    const job = await follow(session, {}, signal)
    if (isCommitted(await tell(session, signal), image)) continue
    throw job.code === 0
      ? new AppError('device.refused', { detail: { what: 'confirm', reason: 'not-committed' } })
      : failureOf(parseLog(job.log))
  }
}

function isCommitted({ pending, committed }: Told, image: Image): boolean {
  return pending === null && committed === artifactOf(image)
}

/** Goes back to what was committed before. Throws `device.no-rollback` once the new one is committed. */
export async function goBack(session: MenderSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  for (const image of images) await takeBack(session, image, signal)
  const seen = await lookAt(session, signal)
  const kept = images.find((image) => isCommitted(seen.told, image))
  if (kept) throw new AppError('device.no-rollback', { detail: { component: kept.component, reason: 'committed' } })
  if (session.binding.restart === 'none' || !images.some((image) => runs(seen, image))) return
  await restart(session, signal)
}

/** After a write that failed. Throws `device.not-restored` while the client is still at it. */
export async function leaveAsItWas(
  session: MenderSession,
  images: readonly Image[],
  signal: AbortSignal,
): Promise<void> {
  if ((await session.client.job(signal))?.state === 'running') {
    throw new AppError('device.not-restored', { detail: { reason: 'installing' } })
  }
  for (const image of images) await takeBack(session, image, signal)
}

/** Orders a restart and watches the device go down. One that is silent, or has started anew, has taken the order. */
async function restart({ client, binding, device, timing }: MenderSession, signal: AbortSignal): Promise<void> {
  const before = await client.bootId(signal)
  try {
    await client.reboot(binding.reboot, signal)
    const until = device.clock.monotonic() + timing.goDown
    while (device.clock.monotonic() < until) {
      await sleep(timing.look, signal)
      if ((await client.bootId(signal)) !== before) return
    }
  } catch (error) {
    const isGone = isAppError(error) && error.code.startsWith('link.')
    if (signal.aborted || !isGone) throw error
  }
}
