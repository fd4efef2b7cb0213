import { AppError, type ErrorData, isAppError } from '../../../shared/errors.ts'
import type { DriverBinding } from '../../../shared/model/profile.ts'
import type { DeviceSession } from '../device/device-access.ts'
import { type Acted, recordAct, restoreDevice } from './act.ts'
import { claimTrouble, coverage, fromRange } from './eligibility.ts'
import { healthSignals } from './health.ts'
import type { Health, Traits } from './machine/state.ts'
import { type Observation, observe, snapshot } from './observe.ts'
import { standingTrouble } from './prove.ts'
import { sense, show } from './sense.ts'
import { noticeTime, POLL_MS, reach, reasonFor, restartWithinMs, type Work } from './work.ts'

/** Everything that only looks: before the device is touched, after each act, and while checks come true. */

/**
 * A device that was told to restart may answer once more before it goes down: that it runs what it should
 * leave counts only when it still says so after this long. ms
 */
const SETTLE_MS = 10_000

/** `checking`: is it the device meant, in a version that the plan starts from, and free of other work? */
export async function check(work: Work, turn: AbortSignal): Promise<void> {
  const { frozen } = work
  const job = async (session: DeviceSession) => {
    const status = await session.status(turn)
    const reason =
      standingTrouble(work, 'write') ??
      coverage(frozen.plan, session.identity, frozen.site) ??
      claimTrouble(frozen.plan, session.claim) ??
      fromRange(frozen.plan, status)
    const before = snapshot(status, frozen.images)
    return { reason, before, traits: traitsOf(session), seen: observe(status, frozen.images, before) }
  }
  const reached = await reach(work, restartWithinMs(work), turn, job, true)
  if (!reached.ok) return void (await work.commit({ type: 'refused', reason: reached.reason }))
  const { reason, ...found } = reached.value
  await work.commit(reason ? { type: 'refused', reason } : { type: 'checked', ...found })
}

function traitsOf({ driver, device }: DeviceSession): Traits {
  const { binding } = device
  const { trialBoot, stoppable } = driver.traits
  return {
    trialBoot,
    stoppable,
    detach: driver.detach !== undefined,
    confirm: driver.confirm !== undefined,
    rollback: driver.rollback !== undefined,
    restore: driver.restore !== undefined,
    restartsItself: startsByItself(binding),
  }
}

/** What is written runs without an order: after a restart of the device's own, or at once. */
function startsByItself(binding: DriverBinding): boolean {
  if (binding.driver === 'swupdate') return binding.restart === 'self'
  return binding.driver === 'mender' && binding.restart === 'none'
}

/** `staging`: every byte that will be written is on board and whole; how the device was before. */
export async function stage(work: Work, turn: AbortSignal): Promise<void> {
  const { live, ports } = work
  try {
    await work.images.verify(turn, (done, total) => {
      live.progress = live.meter.report('stage', '', done, total, false, ports.clock.monotonic())
      work.touch()
    })
  } catch (error) {
    if (turn.aborted) return
    return void (await work.commit({ type: 'refused', reason: reasonFor(work, error, 'artifact.corrupt') }))
  } finally {
    live.progress = null
    work.touch()
  }
  const reached = await reach(work, restartWithinMs(work), turn, (session) => readHealth(session, turn), true)
  await work.commit({ type: 'staged', health: reached.ok ? reached.value : {} })
}

async function readHealth(session: DeviceSession, signal: AbortSignal): Promise<Health> {
  const signals = healthSignals(session.profile)
  const readings = signals.length > 0 ? await session.readSignals(signals, signal) : []
  return Object.fromEntries(readings.map((reading) => [reading.signal, reading.fault ? null : reading.value]))
}

/** After an order to restart. */
export async function awaitReturn(work: Work, turn: AbortSignal): Promise<void> {
  const withinMs = restartWithinMs(work)
  try {
    await work.ports.devices.waitForReturn(work.frozen.device.key, withinMs, turn)
  } catch (error) {
    if (turn.aborted) return
    const late = isAppError(error, 'device.restart-timeout')
    const reason = late
      ? new AppError('device.restart-timeout', { detail: { withinMs } }).toData()
      : reasonFor(work, error, 'device.restart-timeout')
    return void (await work.commit({ type: 'no-answer', reason }))
  }
  await work.commit({ type: 'returned' })
}

/** Asks the device what it runs, until it says something that can be believed or its time is up. */
export async function ask(work: Work, health: boolean, justRestarted: boolean, turn: AbortSignal): Promise<void> {
  const { clock, sleep } = work.ports
  const began = clock.monotonic()
  const within = restartWithinMs(work)
  let last: { seen: Observation; health: Health | null } | null = null
  for (;;) {
    const left = began + within - clock.monotonic()
    const answer = await lookOnce(work, Math.max(0, left), health, turn)
    if (turn.aborted) return
    if (answer.ok) {
      last = answer.value
      const early = justRestarted && clock.monotonic() - began < Math.min(SETTLE_MS, within)
      if (isSettled(last.seen, early ? (work.state().undo ? 'new' : 'old') : null)) break
    }
    if (clock.monotonic() - began >= within) {
      if (last) break
      const reason = answer.ok ? new AppError('device.no-answer').toData() : answer.reason
      return void (await work.commit({ type: 'no-answer', reason }))
    }
    await sleep(POLL_MS, turn)
  }
  await work.commit({ type: 'observed', ...last })
}

/** `left`: the version that it was told to leave, and that may still answer while it goes down. */
function isSettled(seen: Observation, left: 'old' | 'new' | null): boolean {
  // Just restarted, a boot loader may still be on its way to the application.
  if (seen.runs === 'not-known') return seen.mode === 'bootloader' && left === null
  return seen.runs !== left
}

async function lookOnce(work: Work, withinMs: number, health: boolean, turn: AbortSignal) {
  const job = async (session: DeviceSession) => {
    const status = await session.status(turn)
    const seen = observe(status, work.frozen.images, work.state().before)
    return { seen, health: health ? await readHealth(session, turn) : null }
  }
  return await reach(work, withinMs, turn, job, true)
}

/** Waits for the plan's checks to come true together on the new version. */
export async function runChecks(work: Work, turn: AbortSignal): Promise<void> {
  const { checks } = work.rules
  const { clock, sleep } = work.ports
  if (checks.length === 0) return void (await work.commit({ type: 'checks-passed' }))
  const began = clock.monotonic()
  const longest = Math.max(...checks.map(({ withinMs }) => withinMs))
  // One that has been true before may waver for as long as the slowest of them takes.
  const wasTrue = new Set<string>()
  for (;;) {
    await noticeTime(work)
    const look = await lookAtChecks(work, turn)
    if (turn.aborted) return
    const failing = checks.filter(({ id }) => look.ok && !look.value.get(id)?.holds)
    if (look.ok && failing.length === 0) return void (await work.commit({ type: 'checks-passed' }))
    if (look.ok) for (const { id } of checks) if (look.value.get(id)?.holds) wasTrue.add(id)
    const passed = clock.monotonic() - began
    const over = failing.find(({ id, withinMs }) => passed >= (wasTrue.has(id) ? longest : withinMs))
    if (over && look.ok) {
      const reason = checkFailed(over, look.value.get(over.id)?.reason ?? null)
      return void (await work.commit({ type: 'checks-failed', reason }))
    }
    if (!look.ok && passed >= longest) return void (await work.commit({ type: 'no-answer', reason: look.reason }))
    await sleep(POLL_MS, turn)
  }
}

async function lookAtChecks(work: Work, turn: AbortSignal) {
  const job = async (session: DeviceSession) => {
    const sensed = await sense(work, session, work.rules.checks, [], turn)
    show(work, sensed)
    return sensed.judgements
  }
  return await reach(work, 0, turn, job, true)
}

function checkFailed(check: Work['rules']['checks'][number], why: ErrorData | null): ErrorData {
  const { id, title, withinMs } = check
  const readings = why?.detail.readings ?? null
  return new AppError('check.failed', {
    detail: { check: id, title, withinMs, why: why?.code ?? null, readings },
  }).toData()
}

/** Takes back what was written, as soon as the device can be reached. */
export async function takeBack(work: Work, turn: AbortSignal): Promise<void> {
  const acted: { result: Acted | null } = { result: null }
  let error: ErrorData
  try {
    const reached = await reach(work, restartWithinMs(work), turn, async (session) => {
      acted.result = await restoreDevice(work, session)
      if (acted.result.error) throw acted.result.error
    })
    error = reached.ok ? new AppError('internal').toData() : reached.reason
  } catch (thrown) {
    error = reasonFor(work, thrown, 'device.no-answer')
  }
  const never: Acted = { event: { type: 'act-failed', act: 'restore', error, progressed: false }, error: null }
  await recordAct(work, acted.result ?? never)
}

/** Waits for a person, or for a device that went away to come back. */
export async function wait(work: Work, forDevice: boolean, turn: AbortSignal): Promise<void> {
  const { devices } = work.ports
  const present = () => devices.get(work.frozen.device.key)?.presence === 'present'
  let wasAway = !present()
  await new Promise<void>((resolve) => {
    const done = () => {
      stop()
      resolve()
    }
    const stop = devices.onChange(() => {
      if (forDevice && wasAway && present()) done()
      wasAway ||= !present()
    })
    if (turn.aborted) done()
    else turn.addEventListener('abort', done, { once: true })
  })
  if (!turn.aborted) await work.commit({ type: 'device-back' })
}
