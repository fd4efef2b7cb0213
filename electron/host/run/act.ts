import { AppError, isAppError } from '../../../shared/errors.ts'
import type { DeviceSession } from '../device/device-access.ts'
import type { Act, Effect, RunEvent } from './machine/event.ts'
import { isFresh } from './machine/verdict.ts'
import { reasonFor, restartWithinMs, type Work } from './work.ts'
import { WriteWatch } from './write-watch.ts'

type ActEffect = Extract<Effect, { verdict: unknown }>

const MOMENTS = {
  detach: 'detach',
  write: 'write',
  restart: 'restart',
  confirm: 'confirm',
  'roll-back': 'restart',
} as const

/** How an act ended. `error`: what whoever keeps the link must hear of too. */
export interface Acted {
  readonly event: RunEvent
  readonly error: unknown
}

/** Carries out one act on the device, whose intent is durable already. Never throws: how it ended comes back. */
export async function performAct(work: Work, session: DeviceSession, effect: ActEffect): Promise<Acted> {
  const { clock, hostId } = work.ports
  const { verdict } = effect
  // The intent took a commit to disk: a verdict that lapsed meanwhile allows nothing.
  if (!isFresh(verdict, MOMENTS[effect.do], { host: hostId, mono: clock.monotonic() })) {
    const ageMs = Math.round(clock.monotonic() - verdict.at)
    const reason = new AppError('reading.stale', {
      detail: { ageMs, maxAgeMs: Math.round(verdict.goodForMs) },
    }).toData()
    return { event: { type: 'act-lapsed', act: effect.do, reason }, error: null }
  }
  if (effect.do === 'write') return await write(work, session, effect.image)
  return await act(work, session, effect.do)
}

/** Leaves the device running what it ran. Needs no verdict: nothing that runs is touched. Never throws. */
export function restoreDevice(work: Work, session: DeviceSession): Promise<Acted> {
  return act(work, session, 'restore')
}

/**
 * Writes down how an act ended, once the device was let go. When the host stopped in the middle that is
 * nothing at all: "failed" would be a guess, so recovery asks the device.
 */
export async function recordAct(work: Work, { event }: Acted): Promise<void> {
  if (!work.closing.aborted || event.type === 'act-done') await work.commit(event)
}

async function act(work: Work, session: DeviceSession, what: Exclude<Act, 'write'>): Promise<Acted> {
  work.live.acting = { stoppable: false }
  try {
    await simpleAct(work, session, what)
    return { event: { type: 'act-done', act: what }, error: null }
  } catch (error) {
    return failure(work, what, error, false)
  } finally {
    work.live.acting = null
  }
}

function failure(work: Work, what: Act, error: unknown, progressed: boolean): Acted {
  return {
    event: { type: 'act-failed', act: what, error: reasonFor(work, error, 'device.no-answer'), progressed },
    error,
  }
}

async function simpleAct(work: Work, session: DeviceSession, act: Exclude<Act, 'write'>): Promise<void> {
  const { driver, device } = session
  const images = work.images.all()
  // Where it comes back as a boot loader that knows no name, it is known by where it was sent.
  if (act !== 'confirm') session.expectLoader(restartWithinMs(work))
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

async function write(work: Work, session: DeviceSession, index: number): Promise<Acted> {
  const image = work.images.image(index)
  const watch = new WriteWatch(work, session, image)
  work.live.acting = { stoppable: session.driver.traits.stoppable }
  try {
    const { alreadyHeld } = await session.driver.write(session.device, image, watch.options, watch.signal)
    const detail = { bytes: image.length, alreadyHeld }
    return { event: { type: 'act-done', act: 'write', detail }, error: null }
  } catch (error) {
    if (watch.stoppedBy) return { event: { type: 'act-stopped', act: 'write', reason: watch.stoppedBy }, error: null }
    // Once the device has it all, its silence is no failed write: nobody knows what becomes of it.
    const known = isAppError(error, 'device.verdict-missed') ? error : (watch.stalled ?? error)
    // Bytes that are not what was verified are read from disk anew before the next attempt.
    if (isAppError(known, 'artifact.corrupt')) await work.images.drop(index)
    return failure(work, 'write', known, watch.progressed && session.driver.traits.resumes)
  } finally {
    watch.end()
    work.live.acting = null
    work.live.progress = null
    work.touch()
  }
}
