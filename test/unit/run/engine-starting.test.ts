import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { started } from '../../fixtures/run-scene.ts'
import { ANNA, RunWorld } from '../../fixtures/run-world.ts'

describe('starting', () => {
  const set = (change: (world: RunWorld) => Partial<RunWorld>) => (world: RunWorld) =>
    void Object.assign(world, change(world))
  it.each<[string, (world: RunWorld) => void]>([
    ['plan.unknown', set((world) => ({ library: world.makeLibrary([]) }))],
    ['trust.none', set(() => ({ library: null }))],
    ['artifact.missing', set(() => ({ held: false }))],
    ['artifact.version-mismatch', set(({ facts }) => ({ facts: { ...facts, version: '2.5.1' } }))],
    ['artifact.bad-signature', set(({ facts }) => ({ facts: { ...facts, signature: 'bad' } }))],
    ['artifact.padded', set(({ facts }) => ({ facts: { ...facts, trailer: 'permanent' } }))],
    ['artifact.wrong-type', set(({ facts }) => ({ facts: { ...facts, kind: 'mender' } }))],
    ['device.gone', ({ device }) => device.setPresence('absent')],
    ['device.duplicate', ({ device }) => device.setPresence('duplicate')],
    [
      'plan.not-needed',
      ({ device }) => void Object.assign(device, { running: { version: '2.5.0', hash: 'bb', confirmed: true } }),
    ],
    ['plan.expired', ({ time }) => time.setWall(Date.parse('2027-02-01T00:00:00Z'))],
    ['people.lease-ended', set(() => ({ mayNot: { anna: new AppError('people.lease-ended').toData() } }))],
  ])('is refused with %s, on the record', async (code, spoil) => {
    const world = new RunWorld()
    spoil(world)
    const service = world.boot()
    await expect(world.start(service)).rejects.toMatchObject({ code })
    expect(world.recorder.entries()).toMatchObject([
      { action: 'run.refused', actor: 'anna', detail: { reason: { code } } },
    ])
    expect(service.list()).toEqual([])
  })

  it('a device that has only just appeared is asked what it runs first', async () => {
    const world = new RunWorld()
    world.device.unasked = true
    const service = world.boot()
    const starting = world.start(service)
    await world.time.advance(100)
    expect((await world.untilOver(service, await starting)).result?.outcome).toBe('succeeded')
  })

  it('a device that will not say what it runs is not written', async () => {
    const world = new RunWorld()
    world.device.unasked = true
    const service = world.boot()
    const starting = world.start(service)
    world.device.presence = 'present'
    world.device.requirePresent = () => {
      throw new AppError('link.lost')
    }
    const refused = starting.catch((error: unknown) => error)
    await world.time.advance(20_000)
    expect(await refused).toMatchObject({ code: 'plan.wrong-version', detail: { found: null } })
  })

  it('one run a device at a time', async () => {
    const { world, service, run } = await started()
    await expect(world.start(service)).rejects.toMatchObject({ code: 'run.device-busy', detail: { run } })
    await world.untilOver(service, run)
    expect(service.active()).toBe(0)
  })

  it('a run is in the list, with what changes and who started it', async () => {
    const { world, service, run } = await started()
    expect(service.list()).toMatchObject([
      {
        id: run,
        plan: 'crane-2.5.0',
        deviceName: 'Crane CR-0007',
        actor: 'anna',
        change: { app: { from: '2.4.1', to: '2.5.0' } },
        endedAt: null,
      },
    ])
    await world.untilOver(service, run)
    const later = world.boot()
    expect(later.list()).toMatchObject([{ id: run, phase: 'succeeded' }])
    expect(later.history(world.key)).toMatchObject([{ id: run }])
    expect(later.view(run).result?.outcome).toBe('succeeded')
  })
})

it('a dry run reads, and touches nothing', async () => {
  const world = new RunWorld()
  world.device.signals.set('boom.locked', false)
  const service = world.boot()
  const signal = new AbortController().signal
  const waiting = service.dryRun(world.plan.id, [world.key], ANNA, signal)
  await world.time.advance(1_000)
  const [result] = await waiting
  expect(result?.proofs.map(({ proof, ok }) => [proof, ok])).toEqual([
    ['artifact', true],
    ['device', true],
    ['plan', true],
    ['operator', true],
    ['safe-state', false],
  ])
  expect(result?.conditions[0]).toMatchObject({ state: 'fails', reason: { code: 'condition.false' } })
  expect(result?.change).toEqual({ app: { from: '2.4.1', to: '2.5.0' } })
  expect(world.device.acts).toEqual([])
  expect(world.recorder.entries()).toEqual([])
})
