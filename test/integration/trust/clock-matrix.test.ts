import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { RunService } from '../../../electron/host/run/service.ts'
import { trustTrouble } from '../../../electron/host/run/trust.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { trustLasts, trustView } from '../../../electron/host/sync/trust-view.ts'
import { TrustedTime } from '../../../electron/host/sync/trusted-time.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { issue, NOW, packed, ship } from '../../fixtures/packs.ts'
import { RunWorld } from '../../fixtures/run-world.ts'
import { syncBench } from '../../fixtures/sync-bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { requireWords } from '../../fixtures/trust/require-words.ts'
import { serveSimulator } from '../../fixtures/tuf/simulator-server.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
const YEAR = 365 * DAY
/** The repository allows 21 days offline; its plan lasts longer than that. */
const END = NOW + 21 * DAY

/** A laptop that is switched off and on: the same folder, another start of the machine, a clock of its own mind. */
class Laptop {
  readonly dir = tempDir()
  readonly repo = new SlipwayRepository({ now: NOW })
  #starts = 0
  bench!: ReturnType<typeof syncBench>

  /** A console that has just been synced. */
  static async synced(): Promise<Laptop> {
    const laptop = new Laptop()
    laptop.repo.plan({ notBefore: toInstant(NOW - DAY), expires: toInstant(NOW + 300 * DAY) })
    issue(laptop.repo, NOW)
    laptop.start(NOW + 1000)
    await laptop.bench.sync.adopt(await serveSimulator(laptop.repo), sha256Hex(laptop.repo.firstRoot()), 'kari')
    await laptop.bench.sync.start('kari')
    return laptop
  }

  /** Switches it on, `wall` being what its clock shows. */
  start(wall: number): void {
    if (this.#starts > 0) this.bench.close()
    this.#starts += 1
    const clock = new TestClock(wall)
    const boot = { id: `boot ${this.#starts}`, uptimeMs: () => clock.monotonic() }
    this.bench = syncBench({ dir: this.dir, clock, boot })
    this.bench.time.observe()
  }

  pass(ms: number): void {
    this.bench.clock.advance(ms)
    this.bench.time.observe()
  }

  set wall(wall: number) {
    this.bench.clock.wall = wall
    this.bench.time.observe()
  }

  /** Why the plan may not be run now; null when it may. Whatever it is, it is said in words. */
  get trouble(): string | null {
    const { library, time } = this.bench
    const { document: plan, target } = library.current()!.plans.get('crane-2.5.0')!
    const trouble = trustTrouble(library, { plan, target }, null, time.now().now, false)
    if (trouble) requireWords(trouble, trouble.code)
    return trouble?.code ?? null
  }

  get view() {
    const { library, trust, time } = this.bench
    const view = trustView(library, trust.pin(), time.now())
    for (const reason of [view.lasts.reason, view.time.trouble]) if (reason) requireWords(reason, reason.code)
    return view
  }
}

describe('clock matrix', () => {
  it('1970: what is in force is opened, and works for as long as it may', async () => {
    const laptop = await Laptop.synced()
    laptop.start(0)
    expect(laptop.trouble).toBeNull()
    expect(laptop.view).toMatchObject({
      lasts: { state: 'good', until: END, limit: 'offline-limit' },
      time: { source: 'high-water', trouble: { code: 'trust.clock-set-back' } },
    })
    laptop.pass(10 * DAY)
    expect(laptop.trouble).toBeNull()
    expect(laptop.view.time).toMatchObject({
      now: NOW + 10 * DAY,
      source: 'floor',
      trouble: { code: 'trust.clock-behind' },
    })
    laptop.pass(11 * DAY)
    expect(laptop.trouble).toBe('trust.offline-too-long')
    expect(laptop.view.lasts).toMatchObject({ state: 'ended', until: END, reason: { detail: { until: END } } })
  })

  it.each([
    ['ten years', 10 * YEAR],
    ['a year', YEAR],
  ])('%s ahead: nothing may be used, and the next sync makes good what the accident did', async (_name, ahead) => {
    const laptop = await Laptop.synced()
    laptop.start(NOW + ahead)
    expect(laptop.trouble).toMatch(/^(?:plan\.expired|trust\.offline-too-long)$/)
    expect(laptop.view.lasts.state).toBe('ended')
    // Set right: still no word from anybody who knows, so nothing is given back.
    laptop.start(NOW + DAY)
    expect(laptop.trouble).not.toBeNull()
    expect(laptop.view.time).toMatchObject({ source: 'high-water', trouble: { code: 'trust.clock-set-back' } })
    issue(laptop.repo, NOW + DAY)
    await laptop.bench.sync.check('kari')
    expect(laptop.trouble).toBeNull()
    expect(laptop.view).toMatchObject({
      lasts: { state: 'good', until: END + DAY },
      time: { source: 'wall', trouble: null },
    })
  })

  it.each(['while it is on', 'over a restart'])(
    'a day back %s: nothing lasts longer, and work goes on',
    async (when) => {
      const laptop = await Laptop.synced()
      laptop.pass(5 * DAY)
      if (when === 'over a restart') laptop.start(NOW + 4 * DAY)
      else laptop.wall = NOW + 4 * DAY
      expect(laptop.trouble).toBeNull()
      expect(laptop.view.time).toMatchObject({ now: NOW + 5 * DAY + 1000, trouble: { code: 'trust.clock-set-back' } })
      // What nobody could know is the time that it was off, here none; from then on its own uptime counts.
      laptop.pass(16 * DAY)
      expect(laptop.bench.clock.wall).toBeLessThan(END)
      expect(laptop.trouble).toBe('trust.offline-too-long')
    },
  )

  it('ten years back while it is on: two notes a moment apart are not ten years', async () => {
    const laptop = await Laptop.synced()
    laptop.pass(DAY)
    laptop.wall = NOW - 10 * YEAR
    expect(laptop.view.time).toMatchObject({ now: NOW + DAY + 1000, trouble: { code: 'trust.clock-set-back' } })
    expect(laptop.trouble).toBeNull()
    laptop.wall = NOW + DAY
    expect(laptop.view.time.now).toBe(NOW + DAY + 1000)
    laptop.pass(HOUR)
    expect(laptop.view.time.trouble).toBeNull()
  })

  it.each([
    ['behind', -14],
    ['ahead', 14],
  ])('a zone that is 14 hours %s: never later than it should, and no trouble to sync', async (_name, hours) => {
    const laptop = await Laptop.synced()
    laptop.start(NOW + 5 * DAY + hours * HOUR)
    expect(laptop.trouble).toBeNull()
    expect(laptop.view.lasts.state).toBe('good')
    laptop.pass(16 * DAY + HOUR)
    expect(laptop.trouble).toBe(hours > 0 ? 'trust.offline-too-long' : null)
    laptop.pass(14 * HOUR)
    expect(laptop.trouble).toBe('trust.offline-too-long')
    issue(laptop.repo, NOW + 22 * DAY)
    laptop.start(NOW + 22 * DAY + hours * HOUR)
    await laptop.bench.sync.check('kari')
    expect(laptop.trouble).toBeNull()
  })

  it('a dead battery at each start: every hour that it was on counts, and none of them holds it up', async () => {
    const laptop = await Laptop.synced()
    for (let start = 0; start < 62; start += 1) {
      laptop.start(0)
      expect(laptop.trouble, `start ${start}`).toBeNull()
      laptop.pass(8 * HOUR)
    }
    laptop.start(0)
    laptop.pass(8 * HOUR)
    expect(laptop.view.time.now).toBe(NOW + 63 * 8 * HOUR)
    expect(laptop.trouble).toBe('trust.offline-too-long')
  })

  it('a dead battery, and a server that says what time it is', async () => {
    const laptop = await Laptop.synced()
    laptop.start(0)
    issue(laptop.repo, NOW + HOUR)
    laptop.pass(HOUR)
    await laptop.bench.sync.check('kari')
    expect(laptop.view).toMatchObject({ lasts: { until: END + HOUR }, time: { now: NOW + HOUR, source: 'floor' } })
  })
})

it('clock matrix: 1970, and nothing but a stick: trust begins when it was signed, and every hour from there on counts', async () => {
  const { stick, fingerprint } = await packed()
  const clock = new TestClock(0)
  const { packs, library, time } = await ship(clock)
  await packs.adopt(stick, fingerprint, 'anna')
  expect(await packs.take(stick, 'anna')).toMatchObject({ issuedAt: NOW, until: END })
  expect(time.now()).toMatchObject({ now: NOW, source: 'floor', clockBehind: true })
  clock.advance(21 * DAY - 1)
  expect(trustLasts(library, time.now().now)).toMatchObject({ state: 'renew-soon', until: END })
  clock.advance(1)
  expect(trustLasts(library, time.now().now)).toMatchObject({ state: 'ended', until: END })
  // The same stick once more makes nothing younger.
  await expect(packs.take(stick, 'anna')).rejects.toMatchObject({ code: 'trust.offline-too-long' })
})

it('clock matrix: what was over for a moment stays over, even when nobody noted it down', async () => {
  const laptop = await Laptop.synced()
  const { clock } = laptop.bench
  clock.wall = NOW + YEAR
  expect(laptop.trouble).not.toBeNull()
  clock.wall = NOW + DAY
  expect(laptop.trouble).not.toBeNull()
})

describe('clock matrix: in the middle of a run', () => {
  /** A run on a console whose clock came up dead, and that was synced days ago. */
  async function runOn(plan: { notBefore: string; expires: string }) {
    const world = new RunWorld({ plan, length: 200_000 })
    const truth = world.time.now()
    const boot = { id: 'boot', uptimeMs: () => world.time.monotonic() }
    const trusted = new TrustedTime({ clock: world.time, facts: factQueries(world.db), boot })
    trusted.heard(truth, true)
    world.time.setWall(0)
    const service = new RunService({ ...world.ports(), now: () => Math.floor(trusted.now().now) })
    const run = await world.start(service)
    return { world, truth, trusted, service, run }
  }
  const around = (truth: number) => ({ notBefore: toInstant(truth - DAY), expires: toInstant(truth + 10 * DAY) })
  const TRUTH = Date.UTC(2026, 10, 20, 12)

  it('the time server arrives and brings the truth: the run goes on to its end', async () => {
    const { world, truth, trusted, service, run } = await runOn(around(TRUTH))
    await world.untilPhase(service, run, 'writing')
    expect(trusted.now().source).not.toBe('wall')
    world.time.setWall(truth + 2 * DAY)
    const view = await world.untilOver(service, run)
    expect(view.result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
    expect(trusted.now()).toMatchObject({ source: 'wall', clockBehind: false })
  })

  it('the time server arrives and sets back a clock that ran ahead: the run goes on, and no time is given back', async () => {
    const { world, truth, trusted, service, run } = await runOn(around(TRUTH))
    world.time.setWall(truth + 5 * DAY)
    await world.untilPhase(service, run, 'writing')
    expect(trusted.now().source).toBe('wall')
    world.time.setWall(truth + HOUR)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
    expect(trusted.now()).toMatchObject({ source: 'high-water', clockBehind: true })
    expect(trusted.now().now).toBeGreaterThanOrEqual(truth + 5 * DAY)
  })

  it('the clock dies: the run goes on to its end', async () => {
    const { world, truth, service, run } = await runOn(around(TRUTH))
    world.time.setWall(truth + HOUR)
    await world.untilPhase(service, run, 'writing')
    world.time.setWall(0)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded' })
  })

  it('too late, as it turns out: the device is not restarted into what may no longer be installed', async () => {
    const { world, truth, service, run } = await runOn(around(TRUTH))
    await world.untilPhase(service, run, 'writing')
    world.time.setWall(truth + 30 * DAY)
    await world.time.until(() => service.view(run).reason?.code === 'plan.expired')
    expect(service.view(run)).toMatchObject({ phase: 'awaiting-safe', needsPerson: true })
    await world.time.advance(HOUR)
    expect(world.device.acts).toEqual(['write from 0', 'written'])
    expect(world.device.running.version).not.toBe('2.5.0')
  })
})
