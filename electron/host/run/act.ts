import { AppError, isAppError } from '../../../shared/errors.ts'
import type { DeviceSession } from '../device/device-access.ts'
import type { Act, Effect, RunEvent } from './machine/event.ts'
import { isFresh } from './machine/verdict.ts'
import { reasonFor, type Work } from './work.ts'
import { WriteWatch } from './write-watch.ts'

type ActEffect = Extract<Effect, { verdict: unknown }>

const MOMENTS = {
  detach: 'detach',
  write: 'write',
  restart: 'restart',
  confirm: 'confirm',
  'roll-back': 'restart',
} as const

/**
 * Carries out one act on the device. Its intent is durable already; what comes back writes down the
 * outcome, once the device was let go. When the host stopped in the middle that is nothing at all: then
 * only the device knows, and recovery asks it.
 */
export async function performAct(work: Work, session: DeviceSession, effect: ActEffect): Promise<() => Promise<void>> {
  const { clock, hostId } = work.ports
  const { verdict } = effect
  // The intent took a commit to disk: a verdict that lapsed meanwhile allows nothing.
  if (!isFresh(verdict, MOMENTS[effect.do], { host: hostId, mono: clock.monotonic() })) {
    const ageMs = Math.round(clock.monotonic() - verdict.at)
    const reason = new AppError('reading.stale', {
      detail: { ageMs, maxAgeMs: Math.round(verdict.goodForMs) },
    }).toData()
    return record(work, { type: 'act-lapsed', act: effect.do, reason })
  }
  work.live.acting = { stoppable: effect.do === 'write' && session.driver.traits.stoppable }
  try {
    if (effect.do === 'write') return record(work, await write(work, session, effect.image))
    await simpleAct(work, session, effect.do)
    return record(work, { type: 'act-done', act: effect.do })
  } catch (error) {
    return record(work, failure(work, effect.do, error, false))
  } finally {
    work.live.acting = null
  }
}

function record(work: Work, event: RunEvent): () => Promise<void> {
  return async () => {
    // A stopping host cut it short: "failed" would be a guess.
    if (!work.closing.aborted || event.type === 'act-done') await work.commit(event)
  }
}

function failure(work: Work, act: Act, error: unknown, progressed: boolean): RunEvent {
  return { type: 'act-failed', act, error: reasonFor(work, error, 'device.no-answer'), progressed }
}

async function simpleAct(work: Work, { driver, device }: DeviceSession, act: Exclude<Act, 'write'>): Promise<void> {
  const images = work.images.all()
  switch (act) {
    case 'detach':
      return await driver.detach?.(device, work.closing)
    case 'restart':
      return await driver.attach(device, images, work.closing)
    case 'confirm':
      if (!driver.confirm) throw new AppError('device.no-confirm')
      return await driver.confirm(device, images, work.closing)
    case 'roll-back':
      if (!driver.rollback) throw new AppError('device.no-rollback')
      return await driver.rollback(device, images, work.closing)
    case 'restore':
      return await driver.restore?.(device, images, work.closing)
  }
}

async function write(work: Work, session: DeviceSession, index: number): Promise<RunEvent> {
  const image = work.images.image(index)
  const watch = new WriteWatch(work, session, image)
  try {
    const { alreadyHeld } = await session.driver.write(session.device, image, watch.options, watch.signal)
    return { type: 'act-done', act: 'write', detail: { bytes: image.length, alreadyHeld } }
  } catch (error) {
    if (watch.stoppedBy) return { type: 'act-stopped', act: 'write', reason: watch.stoppedBy }
    const known = watch.stalled ?? error
    // Bytes that are not what was verified are read from disk anew before the next attempt.
    if (isAppError(known, 'artifact.corrupt')) await work.images.drop(index)
    return failure(work, 'write', known, watch.progressed)
  } finally {
    watch.end()
    work.live.progress = null
    work.touch()
  }
}

/** Leaves the device running what it ran. Needs no verdict: nothing that runs is touched. */
export async function restoreDevice(work: Work, session: DeviceSession): Promise<() => Promise<void>> {
  work.live.acting = { stoppable: false }
  try {
    await simpleAct(work, session, 'restore')
    return record(work, { type: 'act-done', act: 'restore' })
  } catch (error) {
    return record(work, failure(work, 'restore', error, false))
  } finally {
    work.live.acting = null
  }
}
