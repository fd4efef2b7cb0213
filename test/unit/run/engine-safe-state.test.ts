import { describe, expect, it } from 'vitest'
import { actions, started } from '../../fixtures/run-scene.ts'
import { ANNA, PASSPHRASE, SVEN } from '../../fixtures/run-world.ts'

describe('the safe state', () => {
  it('that is not there is waited for, and says what was read', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('boom.locked', false))
    await world.time.advance(30_000)
    const view = service.view(run)
    expect(view).toMatchObject({
      phase: 'awaiting-safe',
      needsPerson: true,
      canCancel: true,
      hands: 'Turn the key to service',
      reason: { code: 'condition.false', detail: { signal: 'boom.locked', value: false } },
    })
    expect(view.conditions[0]).toMatchObject({
      state: 'fails',
      readings: [{ signal: 'boom.locked' }, { signal: 'boom.parked' }],
    })
    expect(device.acts).toEqual([])
    device.signals.set('boom.locked', true)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('with a reading missing does not open', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('boom.locked', null))
    await world.time.advance(30_000)
    expect(service.view(run).reason).toMatchObject({ code: 'reading.missing', detail: { signal: 'boom.locked' } })
    expect(device.acts).toEqual([])
  })

  it('with readings older than the plan allows does not open, however true they are', async () => {
    const conditions = [{ id: 'boom', at: ['write' as const], expr: 'signal.boom.parked', maxAge: '200ms' }]
    const { world, service, run, device } = await started({ plan: { conditions } }, (it) => {
      it.device.readingMs = 250
    })
    await world.time.advance(30_000)
    expect(service.view(run).reason).toMatchObject({ code: 'reading.stale', detail: { ageMs: 250, maxAgeMs: 200 } })
    expect(device.acts).toEqual([])
    device.readingMs = 5
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('counts the age of what the device says of itself from the question, not from the answer', async () => {
    const expr = "device.mode == 'application'"
    const conditions = [{ id: 'mode', at: ['write' as const], expr, maxAge: '200ms' }]
    const { world, service, run, device } = await started({ plan: { conditions } }, (it) => {
      it.device.statusMs = 250
    })
    await world.time.advance(30_000)
    expect(service.view(run).reason).toMatchObject({ code: 'reading.stale', detail: { maxAgeMs: 200 } })
    expect(device.acts).toEqual([])
    device.statusMs = 10
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('that falls while writing stops the write, which goes on after a new proof', async () => {
    const { world, service, run, device } = await started({ length: 60_000 })
    device.onChunk = (done) => {
      if (done === 20_000) device.signals.set('boom.parked', false)
    }
    await world.time.until(() => service.view(run).reason !== null)
    expect(service.view(run)).toMatchObject({
      phase: 'awaiting-safe',
      reason: { code: 'condition.changed-while-writing', detail: { condition: 'boom-parked', signal: 'boom.parked' } },
    })
    const stoppedAt = device.partial?.done ?? 0
    expect(stoppedAt).toBeLessThan(45_000)
    await world.time.advance(60_000)
    expect(device.partial?.done).toBe(stoppedAt)
    device.signals.set('boom.parked', true)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    expect(device.acts).toContain(`write from ${stoppedAt}`)
  })

  it('that falls during a write that cannot be stopped is seen, and keeps the restart shut', async () => {
    const { world, service, run, device } = await started({ length: 60_000, driver: { traits: { stoppable: false } } })
    device.onChunk = (done) => {
      if (done === 20_000) device.signals.set('boom.parked', false)
    }
    await world.time.until(() => device.acts.includes('written'))
    await world.time.advance(10_000)
    expect(service.view(run)).toMatchObject({ phase: 'awaiting-safe', reason: { code: 'condition.false' } })
    expect(device.restarts).toBe(0)
  })

  it('is proved anew for each act, within the plan’s own limits of age', async () => {
    const { world, service, run, device } = await started()
    await world.time.until(() => device.acts.includes('written'))
    device.signals.set('boom.parked', false)
    await world.time.advance(20_000)
    expect(device.restarts).toBe(0)
    device.signals.set('boom.parked', true)
    await world.untilOver(service, run)
    expect(device.restarts).toBe(1)
  })

  it('that flutters shows on the screen each second, and does not flood the log', async () => {
    const { world, service, run, device } = await started({ plan: { holds: ['before-write'] } })
    const shown = new Set<string | undefined>()
    for (let second = 0; second < 60; second += 1) {
      device.signals.set('boom.locked', second % 2 === 0)
      await world.time.advance(1_000)
      shown.add(service.view(run).reason?.code)
    }
    expect(shown).toEqual(new Set([undefined, 'condition.false']))
    expect(actions(world).filter((action) => action === 'run.condition').length).toBeLessThan(16)
    expect(device.acts).toEqual([])
  })

  it('can be overridden by the two people that the plan names, on the record', async () => {
    const { world, service, run } = await started({}, (it) => it.device.signals.set('boom.locked', null))
    await world.time.advance(5_000)
    const wish = { run, condition: 'boom-parked', reason: 'Switch S4 is broken' }
    await expect(service.override(wish, ANNA)).rejects.toMatchObject({ code: 'people.role-missing' })
    await expect(service.override(wish, SVEN)).rejects.toMatchObject({ code: 'people.second-person-needed' })
    const second = (operator: string, passphrase = PASSPHRASE) => ({ ...wish, second: { operator, passphrase } })
    await expect(service.override(second('sven'), SVEN)).rejects.toMatchObject({ code: 'people.same-person-twice' })
    await expect(service.override(second('berit', 'wrong'), SVEN)).rejects.toMatchObject({
      code: 'people.wrong-passphrase',
    })
    await expect(service.override(second('anna'), SVEN)).rejects.toMatchObject({ code: 'people.role-missing' })
    await expect(service.override({ ...second('berit'), condition: 'nope' }, SVEN)).rejects.toMatchObject({
      code: 'run.override-not-allowed',
    })
    await service.override(second('berit'), SVEN)
    expect(service.view(run).conditions[0]).toMatchObject({ state: 'overridden', reason: { code: 'reading.missing' } })
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    expect(world.recorder.entries().find(({ action }) => action === 'run.overridden')).toMatchObject({
      actor: 'sven',
      detail: { condition: 'boom-parked', second: 'berit', reason: 'Switch S4 is broken' },
    })
  })
})
