import { describe, expect, it } from 'vitest'
import type { DepotRole } from '../../../electron/depot/config.ts'
import { trustLasts } from '../../../electron/host/sync/trust-view.ts'
import { planDeadline } from '../../../electron/host/trust/validity.ts'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { requireWords } from '../../fixtures/trust/require-words.ts'
import {
  type Act,
  type Console,
  ISSUED,
  OFFLINE_DAYS,
  RotationWorld,
  type State,
} from '../../fixtures/trust/rotation-world.ts'

const ROLES: readonly DepotRole[] = ['root', 'targets', 'policy', 'plans', 'artifacts', 'timestamp']
const ACTS: readonly Act[] = ['rotated', 'revoked']
const STATES: readonly State[] = ['P0', 'P1', 'P2', 'P5', 'P40']

/** How a console has lived until somebody brings it a stick, and what it holds by then. */
interface Life {
  readonly name: string
  /** Newest state that it has heard of. */
  readonly holds: State
  /** When the stick comes. */
  readonly day: number
  /** Held state of the stick that is older, the same, newer. */
  readonly sticks: Readonly<Record<'older' | 'same' | 'newer', State>>
  readonly online: boolean
}

const LIVES: readonly Life[] = [
  { name: 'online', holds: 'P2', day: 6, online: true, sticks: { older: 'P1', same: 'P2', newer: 'P5' } },
  { name: 'offline 5 days', holds: 'P1', day: 6, online: true, sticks: { older: 'P0', same: 'P1', newer: 'P5' } },
  { name: 'offline 40 days', holds: 'P1', day: 41, online: true, sticks: { older: 'P0', same: 'P1', newer: 'P40' } },
  { name: 'by pack', holds: 'P1', day: 6, online: false, sticks: { older: 'P0', same: 'P1', newer: 'P5' } },
]

interface Cell {
  /** Why it is refused, with the facts of which a person is told; null: it is taken. */
  readonly refusal: Pick<ErrorData, 'code' | 'detail'> | null
  /** What is in force afterwards. */
  readonly holds: State
}

/** What each stick should come to, whatever key it was. */
function expected(world: RotationWorld, life: Life, stick: 'older' | 'same' | 'newer', act: Act): Cell {
  const { holds, sticks } = life
  if (stick === 'newer') return { refusal: null, holds: sticks.newer }
  // With the one key of the timestamp exchanged, an old timestamp is not even signed any more.
  if (stick === 'older' && life.name === 'online' && world.role === 'timestamp' && act === 'rotated') {
    return { refusal: { code: 'trust.threshold', detail: { role: 'timestamp', found: 0, needed: 1 } }, holds }
  }
  const issued = { found: world.day(ISSUED[sticks.older]), held: world.day(ISSUED[holds]) }
  if (stick === 'older') return { refusal: { code: 'pack.older', detail: issued }, holds }
  const end = ISSUED[holds] + OFFLINE_DAYS
  if (life.day <= end) return { refusal: null, holds }
  const days = OFFLINE_DAYS + life.day - end
  return {
    refusal: { code: 'trust.offline-too-long', detail: { days, limit: OFFLINE_DAYS, until: world.day(end) } },
    holds,
  }
}

/** A stick for each state, made by a console that was there. */
async function makeSticks(world: RotationWorld): Promise<Readonly<Record<State, string>>> {
  const sticks = { P0: tempDir(), P1: tempDir(), P2: tempDir(), P5: tempDir(), P40: tempDir() }
  const harbour = await world.console(0)
  for (const state of STATES) {
    world.show(state)
    harbour.clock.advance(world.day(ISSUED[state]) + 1000 - harbour.clock.wall)
    await harbour.sync.start('kari')
    await harbour.packs.make(sticks[state], null, 'kari')
  }
  harbour.close()
  return sticks
}

async function live(world: RotationWorld, life: Life, first: string): Promise<Console> {
  world.show('P1')
  const bench = await world.console(1)
  if (life.online) await bench.sync.start('kari')
  else await bench.packs.take(first, 'kari')
  if (life.holds === 'P2') {
    world.show('P2')
    bench.clock.wall = world.day(2) + 1000
    await bench.sync.start('kari')
  }
  await bench.sync.setOffline(true, 'kari')
  bench.clock.advance(world.day(life.day) - bench.clock.wall)
  return bench
}

/** Null: it was taken. */
const refusalOf = (work: Promise<unknown>): Promise<ErrorData | null> => work.then(() => null, toErrorData)

/** Everything on screen says the same: until when, what ends it, and why when it is over. */
function requireExplained(world: RotationWorld, { library, time }: Console, holds: State, label: string): void {
  const until = world.day(ISSUED[holds] + OFFLINE_DAYS)
  const now = time.now().now
  const lasts = trustLasts(library, now)
  const over = now >= until
  const expected = {
    until,
    limit: 'offline-limit',
    state: over ? 'ended' : until - now > 3 * 86_400_000 ? 'good' : 'renew-soon',
  }
  expect(lasts, label).toMatchObject(expected)
  expect(lasts.reason?.code ?? null, label).toBe(
    over ? 'trust.offline-too-long' : lasts.state === 'good' ? null : 'trust.renew-soon',
  )
  if (lasts.reason) requireWords(lasts.reason, label)
  const current = library.current()!
  const plan = current.plans.get('first')!
  expect(planDeadline(current, plan), label).toMatchObject({ until, limit: 'offline-limit' })
}

/** Plans that each state has. */
const PLANS: Readonly<Record<State, number>> = { P0: 1, P1: 2, P2: 3, P5: 3, P40: 3 }

describe.each(ROLES)('rotation matrix: the key of %s', (role) => {
  it.each(ACTS)('%s: what each console makes of each stick, and of a thief', async (act) => {
    const world = await RotationWorld.make(role, act)
    const sticks = await makeSticks(world)
    for (const life of LIVES) {
      for (const stick of ['older', 'same', 'newer'] as const) {
        const label = `${life.name}, ${stick} stick`
        const bench = await live(world, life, sticks.P1)
        requireExplained(world, bench, life.holds, `${label}, before`)

        const cell = expected(world, life, stick, act)
        const refusal = await refusalOf(bench.packs.take(sticks[life.sticks[stick]], 'kari'))
        expect(refusal && { code: refusal.code, detail: refusal.detail }, label).toEqual(cell.refusal)
        if (refusal) requireWords(refusal, label)
        requireExplained(world, bench, cell.holds, label)
        expect(bench.library.current()?.plans.size, label).toBe(PLANS[cell.holds])
        const recorded = refusal ? 'trust.refused' : 'trust.refreshed'
        expect(bench.recorder.actions().slice(-2), label).toContain(recorded)
        if (cell.holds !== 'P1') await requireThiefRefused(world, bench, cell.holds, label)
        bench.close()
      }
    }
  })
})

/** Once it has heard, a console never again believes the key that is no more. */
async function requireThiefRefused(world: RotationWorld, bench: Console, holds: State, label: string): Promise<void> {
  await world.steal(holds)
  world.show('thief')
  await bench.sync.setOffline(false, 'kari')
  const refusal = await refusalOf(bench.sync.check('kari'))
  const needed = world.role === 'root' || world.role === 'policy' ? 2 : 1
  expect(refusal, label).toMatchObject({ code: 'trust.threshold', detail: { role: world.role, found: 0, needed } })
  if (refusal) requireWords(refusal, label)
  const detail = { code: 'trust.threshold', detail: { role: world.role } }
  expect(bench.recorder.entries.at(-1), label).toMatchObject({ action: 'trust.refused', detail })
  requireExplained(world, bench, holds, `${label}, after the thief`)
}

it('rotation matrix: a console that has not heard believes the old key, and no longer than it may be offline', async () => {
  const world = await RotationWorld.make('plans', 'revoked')
  await world.steal('P1')
  const far = await live(world, LIVES[1]!, '')
  world.show('thief')
  await far.sync.setOffline(false, 'kari')
  expect(await refusalOf(far.sync.check('kari'))).toBeNull()
  // What he has signed counts from the signed time of issue like everything else.
  const { until } = trustLasts(far.library, far.time.now().now)
  expect(until).toBe(world.day(ISSUED.P1 + OFFLINE_DAYS))
  far.clock.advance(world.day(1 + OFFLINE_DAYS) - far.clock.wall)
  const reason = { code: 'trust.offline-too-long', detail: { limit: OFFLINE_DAYS } }
  expect(trustLasts(far.library, far.time.now().now)).toMatchObject({ state: 'ended', reason })
})
