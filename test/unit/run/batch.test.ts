import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOver, nextStep, planBatch } from '../../../electron/host/run/batch.ts'
import { Batches, type BatchRuns } from '../../../electron/host/run/batches.ts'
import { match } from '../../../electron/host/run/offers.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BatchDevice, BatchDeviceState } from '../../../shared/model/batch.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'
import { FakeDevice, fakeDriver } from '../../fixtures/fake-device.ts'
import type { FakeDeviceAccess } from '../../fixtures/fake-device-access.ts'
import { ANNA, PASSPHRASE, RunWorld } from '../../fixtures/run-world.ts'

const plan = cranePlan({
  order: [{ types: ['acme-gateway'] }, { types: ['acme-crane'], canary: 1, parallel: 2, stopAfterFailures: 2 }],
})
const device = (type: string, n: number) => ({ key: `acme-${type}:${n}`, name: `${type} ${n}`, type: `acme-${type}` })
const all = planBatch(plan, [
  device('crane', 1),
  device('crane', 2),
  device('gateway', 1),
  device('crane', 3),
  device('crane', 4),
])
const having = (...states: BatchDeviceState[]) => all.map((one, at) => ({ ...one, state: states[at] ?? 'waiting' }))

describe('whose turn it is', () => {
  it('waves in order, the first of each as canary', () => {
    expect(all.map(({ name, wave, canary }) => [name, wave, canary])).toEqual([
      ['gateway 1', 0, false],
      ['crane 1', 1, true],
      ['crane 2', 1, false],
      ['crane 3', 1, false],
      ['crane 4', 1, false],
    ])
  })

  it.each<[string, BatchDevice[], string[]]>([
    ['the first wave first', having(), ['acme-gateway:1']],
    ['nobody else while it runs', having('running'), []],
    ['then the canary alone', having('succeeded'), ['acme-crane:1']],
    ['nobody while the canary is out', having('succeeded', 'needs-person'), []],
    ['then as many as may run at a time', having('succeeded', 'succeeded'), ['acme-crane:2', 'acme-crane:3']],
    ['one more for each that ends', having('succeeded', 'succeeded', 'running', 'succeeded'), ['acme-crane:4']],
    [
      'a device that needs nothing counts as there',
      having('not-needed', 'not-needed'),
      ['acme-crane:2', 'acme-crane:3'],
    ],
    [
      'one failure after the canary stops nobody',
      having('succeeded', 'succeeded', 'failed', 'running'),
      ['acme-crane:4'],
    ],
  ])('%s', (_, devices, start) => {
    expect(nextStep(plan, devices)).toEqual({ start, stopped: null })
  })

  it.each<[string, BatchDevice[]]>([
    ['the first wave failed', having('failed')],
    ['the canary failed', having('succeeded', 'failed')],
    ['too many failed', having('succeeded', 'succeeded', 'failed', 'failed')],
  ])('nobody any more when %s', (_, devices) => {
    expect(nextStep(plan, devices)).toMatchObject({ start: [], stopped: { code: 'plan.batch-stopped' } })
  })

  it('without an order: one device at a time, and the first failure ends it', () => {
    const plain = cranePlan()
    const devices = planBatch(plain, [device('crane', 1), device('crane', 2)])
    expect(nextStep(plain, devices).start).toEqual(['acme-crane:1'])
  })
})

it('never more at a time than the plan says, never past a failed canary, and it comes to an end', () => {
  const random = fc.record({
    waves: fc.array(
      fc.record({
        canary: fc.nat(3),
        parallel: fc.integer({ min: 1, max: 4 }),
        stopAfterFailures: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    devices: fc.array(fc.nat(2), { maxLength: 20 }),
    fates: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
  })
  fc.assert(
    fc.property(random, ({ waves, devices, fates }) => {
      const rules = cranePlan({ order: waves.map((wave, at) => ({ types: [`t${at}`], ...wave })) })
      let now = planBatch(
        rules,
        devices.map((type, n) => ({ key: `d${n}`, name: '', type: `t${type}` })),
      )
      const broken: string[] = []
      for (let turn = 0; turn < 200; turn += 1) {
        const { start, stopped } = nextStep(rules, now)
        now = now.map((one) => (start.includes(one.key) ? { ...one, state: 'running' } : one))
        const running = now.filter(({ state }) => state === 'running')
        const wave = running[0]?.wave ?? 0
        const rule = rules.order[wave] ?? { parallel: 1, canary: 0 }
        if (running.length > rule.parallel) broken.push('too many at a time')
        if (running.some((one) => one.wave !== wave)) broken.push('two waves at a time')
        const canaries = now.filter((one) => one.wave === wave && one.canary)
        if (running.some(({ canary }) => !canary) && canaries.some(({ state }) => state !== 'succeeded'))
          broken.push('past a canary')
        if (isOver(now, stopped !== null)) break
        const first = running[0]
        if (!first) broken.push('stuck')
        const fate = fates[turn % fates.length] ? 'succeeded' : 'failed'
        now = now.map((one) => (one.key === first?.key ? { ...one, state: fate } : one))
      }
      const { stopped } = nextStep(rules, now)
      if (!isOver(now, stopped !== null)) broken.push('never over')
      expect(broken).toEqual([])
    }),
  )
})

describe('a batch', () => {
  class ScriptedRuns implements BatchRuns {
    readonly started: { device: string; second: string | undefined; batch: string | undefined }[] = []
    readonly refuse = new Map<string, AppError>()
    readonly #phases = new Map<string, RunSummary['phase']>()
    #changed = () => {}
    async start({ device: key, verifiedSecond, batch }: Parameters<BatchRuns['start']>[0]) {
      const error = this.refuse.get(key)
      if (error) throw error
      this.started.push({ device: key, second: verifiedSecond, batch })
      this.#phases.set(key, 'writing')
      return { run: key }
    }
    summary(run: string): RunSummary {
      return { phase: this.#phases.get(run), needsPerson: false, reason: null } as RunSummary
    }
    onCommit(listener: () => void) {
      this.#changed = listener
      return () => {}
    }
    async end(run: string, phase: RunSummary['phase']) {
      this.#phases.set(run, phase)
      this.#changed()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const scene = async (twoPerson = false) => {
    const world = new RunWorld({
      plan: {
        authority: { roles: ['technician'], twoPerson },
        order: [{ types: ['acme-crane'], parallel: 2, stopAfterFailures: 2 }],
      },
    })
    const ports = world.ports()
    const view = (n: number) => ({ ...ports.devices.get(world.key), key: `acme-crane:${n}`, name: `Crane ${n}` })
    const devices = {
      ...ports.devices,
      get: (key: string) => (key.startsWith('acme-crane:') ? view(Number(key.slice(11))) : null),
    }
    const runs = new ScriptedRuns()
    const batches = new Batches({ ...ports, devices: devices as unknown as typeof ports.devices }, runs)
    const keys = [1, 2, 3, 4].map((n) => `acme-crane:${n}`)
    const start = async (second?: { operator: string; passphrase: string }) => {
      const { batch } = await batches.start({ plan: world.plan.id, devices: keys, second }, ANNA)
      await new Promise((resolve) => setImmediate(resolve))
      return batch
    }
    const states = (batch: string) => batches.view(batch).devices.map(({ state }) => state)
    return { world, runs, batches, start, states, keys }
  }

  it('starts runs as their turn comes, and ends with the last', async () => {
    const { runs, batches, start, states } = await scene()
    const batch = await start()
    expect(states(batch)).toEqual(['running', 'running', 'waiting', 'waiting'])
    expect(runs.started).toMatchObject([{ batch }, { batch }])
    await runs.end('acme-crane:1', 'succeeded')
    expect(states(batch)).toEqual(['succeeded', 'running', 'running', 'waiting'])
    await runs.end('acme-crane:2', 'rolled-back')
    for (const n of [3, 4]) await runs.end(`acme-crane:${n}`, 'succeeded')
    expect(states(batch)).toEqual(['succeeded', 'failed', 'succeeded', 'succeeded'])
    expect(batches.view(batch)).toMatchObject({ stopped: null, endedAt: expect.any(Number) })
  })

  it('stops after as many failures as the plan says; what runs goes on', async () => {
    const { runs, batches, start, states } = await scene()
    const batch = await start()
    await runs.end('acme-crane:1', 'failed')
    await runs.end('acme-crane:3', 'unknown')
    expect(batches.view(batch)).toMatchObject({
      stopped: { code: 'plan.batch-stopped', detail: { failures: 2, limit: 2 } },
      endedAt: null,
    })
    await runs.end('acme-crane:2', 'succeeded')
    expect(states(batch)).toEqual(['failed', 'succeeded', 'failed', 'skipped'])
    expect(batches.view(batch).endedAt).not.toBeNull()
  })

  it('can be stopped by a person: nobody new is started', async () => {
    const { runs, batches, start, states } = await scene()
    const batch = await start()
    const seen: (string | undefined)[] = []
    batches.onChange(() => seen.push(batches.view(batch).stopped?.code))
    batches.stop(batch)
    expect(seen).toEqual(['cancelled'])
    await runs.end('acme-crane:1', 'succeeded')
    await runs.end('acme-crane:2', 'succeeded')
    expect(states(batch)).toEqual(['succeeded', 'succeeded', 'skipped', 'skipped'])
  })

  it('a device that needs nothing is no failure, one that is refused is', async () => {
    const { runs, batches, start, states } = await scene()
    runs.refuse.set('acme-crane:1', new AppError('plan.not-needed'))
    runs.refuse.set('acme-crane:2', new AppError('device.gone'))
    const batch = await start()
    await new Promise((resolve) => setImmediate(resolve))
    expect(states(batch)).toEqual(['not-needed', 'failed', 'running', 'running'])
    expect(batches.view(batch).devices[1]?.reason?.code).toBe('device.gone')
  })

  it('asks for the second person once', async () => {
    const { runs, start } = await scene(true)
    await expect(start()).rejects.toMatchObject({ code: 'people.second-person-needed' })
    await expect(start({ operator: 'ole', passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'people.wrong-passphrase',
    })
    await start({ operator: 'ole', passphrase: PASSPHRASE })
    expect(runs.started.map(({ second }) => second)).toEqual(['ole', 'ole'])
  })

  it('knows its plan and its devices, or says so', async () => {
    const { batches, keys } = await scene()
    await expect(batches.start({ plan: 'nope', devices: keys }, ANNA)).rejects.toMatchObject({ code: 'plan.unknown' })
    await expect(batches.start({ plan: 'crane-2.5.0', devices: ['x'] }, ANNA)).rejects.toMatchObject({
      code: 'device.unknown',
    })
    expect(() => batches.view('nope')).toThrow('run.unknown')
  })
})

it('a batch over the real service takes one crane to its new version', async () => {
  const world = new RunWorld({ plan: { order: [{ types: ['acme-crane'] }] } })
  const service = world.boot()
  const { batch } = await service.batches.start({ plan: world.plan.id, devices: [world.key] }, ANNA)
  await world.time.until(() => service.batches.view(batch).endedAt !== null)
  const [only] = service.batches.view(batch).devices
  expect(only).toMatchObject({ state: 'succeeded' })
  expect(world.recorder.entries().find(({ action }) => action === 'run.started')?.detail).toMatchObject({ batch })
})

it('a plan’s order holds single runs too, as far as anything is known', async () => {
  const world = new RunWorld({
    plan: {
      order: [{ types: ['acme-gateway'] }, { types: ['acme-crane'] }],
      scope: { sites: ['*'], deviceTypes: ['acme-crane', 'acme-gateway'] },
    },
  })
  const service = world.boot()
  world.site = {
    format: 'slipway.site/1',
    id: 'quay-4',
    title: 'Quay 4',
    zone: 'UTC',
    devices: [{ name: 'Gateway', type: 'acme-gateway', serial: 'G-1', wanted: {}, addresses: [] }],
  }
  const run = await world.start(service)
  expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')

  const gateway = new FakeDevice(world.time)
  gateway.identity = { type: 'acme-gateway', serial: 'G-1', hardware: null }
  const ports = world.ports()
  const devices = ports.devices as FakeDeviceAccess
  devices.add(gateway, fakeDriver(gateway), craneProfile({ type: 'acme-gateway' }))
  const slipway = {
    kind: 'mcuboot',
    component: 'app',
    version: '2.5.0',
    deviceTypes: ['acme-crane', 'acme-gateway'],
    hardware: [],
  }
  const library = world.makeLibrary([world.plan])
  const target = (path: string) => {
    const found = library.target(path)
    return found && { ...found, custom: { slipway } }
  }
  world.library = { ...library, target }
  world.device.running = { version: '2.4.1', hash: 'aa', confirmed: true }
  const reason = () => match(ports, world.plan.id, world.key, 'anna').eligibility.reason
  expect(reason()).toMatchObject({ code: 'plan.order', detail: { first: 'Gateway' } })
  expect(match(ports, world.plan.id, world.key, 'anna', false).eligibility.reason).toBeNull()
  gateway.running = { version: '2.5.0', hash: 'bb', confirmed: true }
  expect(reason()).toBeNull()
})
