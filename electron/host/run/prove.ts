import type { Judgement } from '../../../shared/conditions/judge.ts'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { Moment } from '../../../shared/model/plan.ts'
import type { DeviceSession } from '../device/device-access.ts'
import { type Acted, performAct, recordAct } from './act.ts'
import { batteryTrouble, claimTrouble, coverage } from './eligibility.ts'
import { measuredFor } from './machine/demands.ts'
import { isRefusal } from './machine/event.ts'
import { VERDICT_MAX_MS, type Verdict } from './machine/verdict.ts'
import { sense, show } from './sense.ts'
import { trustTrouble } from './trust.ts'
import { outsideWindow } from './window.ts'
import { noticeTime, POLL_MS, reach, reasonFor, type Work } from './work.ts'

/**
 * Looks again and again until the safe state is proved, and then acts within the same hold on the device,
 * so that nobody comes between the proof and what it allows. Ends when the act is over, or when something
 * else became of the run.
 */
export async function proveAndAct(work: Work, turn: AbortSignal): Promise<void> {
  work.live.blocked = null
  work.live.blockedWrittenAt = Number.NEGATIVE_INFINITY
  while (!turn.aborted) {
    await noticeTime(work)
    const { moment } = work.state()
    if (moment === null || turn.aborted) return
    const acted = await attempt(work, moment, turn)
    if (acted) return
    await work.ports.sleep(POLL_MS, turn)
  }
}

/** True: the door was opened, or the run went elsewhere. */
async function attempt(work: Work, moment: Moment, turn: AbortSignal): Promise<boolean> {
  const unready = await unreadyToWrite(work, moment, turn)
  const acted: { result: Acted | null } = { result: null }
  try {
    const reached = await reach(work, 0, turn, async (session) => {
      const look = await lookAt(work, session, moment, turn)
      const blocked =
        standingTrouble(work, moment) ?? claimTrouble(work.frozen.plan, session.claim) ?? unready ?? look.reason
      if (blocked) return await noteBlocked(work, blocked)
      work.live.blocked = null
      const step = await work.commit({ type: 'proved', verdict: look.verdict })
      const effect = isRefusal(step) ? null : step.effect
      if (!effect || !('verdict' in effect)) return
      acted.result = await performAct(work, session, effect)
      // Whoever keeps the link must hear that it failed.
      if (acted.result.error) throw acted.result.error
    })
    if (!reached.ok) await noteBlocked(work, reached.reason)
  } catch (error) {
    if (!acted.result && turn.aborted) throw error
    if (!acted.result) await noteBlocked(work, reasonFor(work, error, 'device.no-answer'))
  }
  if (acted.result) await recordAct(work, acted.result)
  return work.state().moment !== moment
}

/** A sensor that flutters changes the screen each second, and the log not more often than this. ms */
const WRITE_BLOCKED_MS = 10_000

async function noteBlocked(work: Work, reason: ErrorData): Promise<void> {
  const { live, ports } = work
  live.blocked = reason
  work.touch()
  const now = ports.clock.monotonic()
  if (now - live.blockedWrittenAt < WRITE_BLOCKED_MS) return
  const before = work.state()
  await work.commit({ type: 'blocked', reason })
  if (work.state() !== before) live.blockedWrittenAt = now
}

interface Look {
  readonly reason: ErrorData | null
  readonly verdict: Verdict
}

async function lookAt(work: Work, session: DeviceSession, moment: Moment, turn: AbortSignal): Promise<Look> {
  const needed = measuredFor(work.frozen.plan, moment, work.state())
  const sensed = await sense(work, session, work.rules.conditions, needed, turn)
  show(work, sensed)
  const judged = needed.map((id) => [id, sensed.judgements.get(id)] as const)
  const reason = judged.find(([, judgement]) => !judgement?.holds)?.[1]?.reason ?? null
  const goodForMs = Math.min(VERDICT_MAX_MS, ...judged.map(([, judgement]) => goodFor(judgement)))
  const { host } = work.now()
  return { reason, verdict: { moment, host, at: sensed.at, goodForMs, conditions: holding(judged) } }
}

function goodFor(judgement: Judgement | undefined): number {
  return judgement?.goodForMs ?? 0
}

function holding(judged: readonly (readonly [string, Judgement | undefined])[]): string[] {
  return judged.filter(([, judgement]) => judgement?.holds).map(([id]) => id)
}

/** The proofs besides the safe state, as of now: trust, authority, place, hours, the laptop's own power. */
export function standingTrouble(work: Work, moment: Moment): ErrorData | null {
  const { ports, frozen } = work
  const { plan, planTarget, operator, device } = frozen
  const state = work.state()
  // Going back is always allowed: it needs a safe machine and nothing else.
  if (state.undo) return null
  const now = ports.now()
  // The place of the run, whatever site somebody looks at meanwhile.
  const here = frozen.site
  const ask = { roles: plan.authority.roles, site: here?.id ?? null, deviceType: device.identity.type }
  const trouble =
    trustTrouble(ports.library, { plan, target: planTarget }, here?.id ?? null, now, state.touched) ??
    ports.people.mayAct(operator, ask)
  // Once it runs on trial, the clock on the wall is no reason to leave it there.
  if (trouble || moment === 'confirm') return trouble
  return (
    coverage(plan, device.identity, here) ??
    outsideWindow(plan.window, here, now) ??
    batteryTrouble(plan, ports.power())
  )
}

/** Bytes are verified before the machine is looked at: a proof would grow stale behind a long hash. */
async function unreadyToWrite(work: Work, moment: Moment, turn: AbortSignal): Promise<ErrorData | null> {
  if (moment !== 'write' && moment !== 'detach') return null
  try {
    await work.images.verify(turn)
    return null
  } catch (error) {
    if (turn.aborted) throw error
    return toErrorData(error, 'artifact.corrupt')
  }
}
