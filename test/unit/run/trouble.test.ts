import { describe, expect, it } from 'vitest'
import type { AuditRecorder, EntryDraft } from '../../../electron/host/audit/recorder.ts'
import { AppError } from '../../../shared/errors.ts'
import { ANNA, RunWorld } from '../../fixtures/run-world.ts'

/** A recorder whose disk is full, or that loses its own answer, from the given record on and for so many. */
class TroubledRecorder implements AuditRecorder {
  readonly #inner: AuditRecorder
  readonly #trouble: (record: number) => 'none' | 'full' | 'written-but-thrown'
  records = 0

  constructor(inner: AuditRecorder, trouble: (record: number) => 'none' | 'full' | 'written-but-thrown') {
    this.#inner = inner
    this.#trouble = trouble
  }

  async record<T = void>(entries: EntryDraft | readonly EntryDraft[], change?: () => T): Promise<T> {
    this.records += 1
    const trouble = this.#trouble(this.records)
    if (trouble === 'full') throw new AppError('disk.full')
    const result = await this.#inner.record(entries, change)
    if (trouble === 'written-but-thrown') throw new AppError('store.locked')
    return result
  }
}

describe('a disk that takes nothing', () => {
  it('stops the run before the act, says so, and lets it go on when there is room', async () => {
    const world = new RunWorld()
    const full = { from: 5, until: Number.POSITIVE_INFINITY }
    const recorder = new TroubledRecorder(world.recorder, (n) => (n >= full.from && n < full.until ? 'full' : 'none'))
    const service = world.boot(recorder)
    const run = await world.start(service)
    await world.time.advance(60_000)
    expect(service.view(run).reason?.code).toBe('disk.full')
    // The intent to write was never on disk: the device was not touched.
    expect(world.device.acts).toEqual([])
    await expect(service.cancel({ run }, ANNA)).rejects.toMatchObject({ code: 'disk.full' })
    full.until = recorder.records + 1
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    expect(service.view(run).reason).toBeNull()
  })

  it('after an act keeps the outcome until it can be written', async () => {
    const world = new RunWorld()
    const full = { yet: false }
    const recorder = new TroubledRecorder(world.recorder, () => (full.yet ? 'full' : 'none'))
    const service = world.boot(recorder)
    const run = await world.start(service)
    await world.untilPhase(service, run, 'writing')
    full.yet = true
    await world.time.advance(60_000)
    expect(world.device.acts).toEqual(['write from 0', 'written'])
    expect(service.view(run)).toMatchObject({ phase: 'writing', reason: { code: 'disk.full' } })
    full.yet = false
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    expect(world.device.acts).toEqual(['write from 0', 'written', 'restart', 'restarted', 'confirm'])
  })

  it('holds up neither the start of the host nor the call that starts a run', async () => {
    const world = new RunWorld()
    await world.start(world.boot())
    const later = world.boot(new TroubledRecorder(world.recorder, () => 'full'))
    later.recover()
    expect(later.active()).toBe(1)
  })
})

it.each([1, 3, 5, 7, 9])(
  'a commit that did reach the disk is not repeated, whatever its writer was told (record %s)',
  async (nth) => {
    const world = new RunWorld()
    const recorder = new TroubledRecorder(world.recorder, (n) => (n === nth + 1 ? 'written-but-thrown' : 'none'))
    const service = world.boot(recorder)
    const run = await world.start(service)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    const entries = world.recorder.entries()
    expect(service.report(run).timeline.map(({ action }) => action)).toEqual(entries.map(({ action }) => action))
    expect(entries.filter(({ action }) => action === 'run.intent')).toHaveLength(3)
    expect(entries.filter(({ action }) => action === 'run.ended')).toHaveLength(1)
  },
)

it('a disk so slow that the proof lapses before the act: nothing is done, and it is proved again', async () => {
  const world = new RunWorld()
  const slow = { records: 0 }
  const recorder: AuditRecorder = {
    record: async (entries, change) => {
      const drafts = Array.isArray(entries) ? (entries as readonly EntryDraft[]) : [entries as EntryDraft]
      const intent = drafts.some(
        ({ action, detail }) => action === 'run.intent' && (detail as { act: string }).act === 'write',
      )
      slow.records += intent ? 1 : 0
      if (intent && slow.records === 1) await world.time.sleep(6_000, new AbortController().signal)
      return await world.recorder.record(entries, change)
    },
  }
  const service = world.boot(recorder)
  const run = await world.start(service)
  expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  expect(world.device.acts.filter((act) => act.startsWith('write from'))).toHaveLength(1)
  const writes = service
    .report(run)
    .timeline.flatMap(({ what }) => /^(?:intent|outcome) act=write(?: done=\w+)?/.exec(what)?.[0] ?? [])
  expect(writes).toEqual([
    'intent act=write',
    'outcome act=write done=false',
    'intent act=write',
    'outcome act=write done=true',
  ])
})

describe('a host that is closed', () => {
  it('leaves a waiting run as it is', async () => {
    const world = new RunWorld()
    world.device.signals.set('boom.locked', false)
    const service = world.boot()
    const run = await world.start(service)
    await world.time.advance(5_000)
    await service.close()
    expect(service.view(run).phase).toBe('awaiting-safe')
    await world.time.advance(60_000)
    expect(world.device.acts).toEqual([])
  })

  it('ends a write that can be stopped, and its next life writes on', async () => {
    const world = new RunWorld({ length: 60_000 })
    const service = world.boot()
    const run = await world.start(service)
    await world.time.until(() => (world.device.partial?.done ?? 0) > 10_000)
    await service.close()
    const done = world.device.partial?.done ?? 0
    await world.time.advance(60_000)
    expect(world.device.partial?.done).toBe(done)
    const next = world.boot()
    next.recover()
    expect((await world.untilOver(next, run)).result?.outcome).toBe('succeeded')
    expect(world.device.acts).toContain(`write from ${done}`)
  })

  it('lets an act that cannot be stopped come to its end', async () => {
    const world = new RunWorld({ length: 60_000, driver: { traits: { stoppable: false } } })
    const service = world.boot()
    const run = await world.start(service)
    await world.time.until(() => (world.device.partial?.done ?? 0) > 55_000)
    const closing = service.close()
    await world.time.advance(5_000)
    await closing
    expect(world.device.acts).toEqual(['write from 0', 'written'])
    expect(service.view(run).phase).toBe('awaiting-safe')
  })
})

it('a device that stays away while the console starts is waited for, and then the truth is told', async () => {
  const world = new RunWorld({ length: 60_000 })
  const service = world.boot()
  const run = await world.start(service)
  await world.time.until(() => (world.device.partial?.done ?? 0) > 10_000)
  await service.close()
  world.device.setPresence('absent')
  const next = world.boot()
  next.recover()
  await world.time.until(() => next.view(run).question !== null)
  expect(next.view(run)).toMatchObject({ question: { about: 'device-not-restored' }, reason: { code: 'device.gone' } })
  world.device.setPresence('present')
  expect((await world.untilOver(next, run)).result?.outcome).toBe('succeeded')
})

it('an artifact that was damaged while the console was off is found before the device leaves its application', async () => {
  const world = new RunWorld({ driver: { without: [] } })
  world.device.signals.set('boom.locked', false)
  const service = world.boot()
  const run = await world.start(service)
  await world.untilPhase(service, run, 'awaiting-safe')
  await service.close()
  world.bytes[7] = (world.bytes[7] ?? 0) ^ 1
  world.device.signals.set('boom.locked', true)
  const next = world.boot()
  next.recover()
  await world.time.advance(30_000)
  expect(next.view(run)).toMatchObject({ phase: 'awaiting-safe', reason: { code: 'artifact.corrupt' } })
  expect(world.device.acts).toEqual([])
  await next.close()
})

it('a row that cannot be read hides no other, and keeps its device locked', async () => {
  const world = new RunWorld()
  const first = world.boot()
  const run = await world.start(first)
  await first.close()
  world.db.prepare<[string]>('UPDATE run SET state_json = ?').run('{"v":99}')
  const next = world.boot()
  next.recover()
  expect(next.list()).toEqual([])
  expect(() => next.view(run)).toThrow('store.corrupt')
  await expect(world.start(next)).rejects.toMatchObject({ code: 'run.device-busy' })
  expect(world.logged).not.toEqual([])
})

describe('a family that cannot go on where a write broke off', () => {
  const cannotResume = { length: 20_000, driver: { traits: { resumes: false } } }

  it('is sent the same image three times, and not for ever: bytes that are sent anew are no progress', async () => {
    const world = new RunWorld(cannotResume)
    world.device.faults.refuseImage = 'device.image-corrupt'
    const service = world.boot()
    const run = await world.start(service)
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'device.image-corrupt' },
      device: 'runs-old',
    })
    expect(world.device.acts.filter((act) => act === 'write from 0')).toHaveLength(3)
  })

  it('that has it all and gives no verdict leaves the run unknown, with what it runs now', async () => {
    const world = new RunWorld(cannotResume)
    world.device.faults.refuseImage = 'device.verdict-missed'
    const service = world.boot()
    const run = await world.start(service)
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'unknown',
      reason: { code: 'device.verdict-missed' },
      device: 'runs-old',
      readBack: { app: '2.4.1' },
    })
    expect(world.device.acts).toEqual(['write from 0'])
    await service.checkAgain({ run }, ANNA)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'failed', device: 'runs-old' })
    expect(world.device.acts).toEqual(['write from 0'])
  })
})
