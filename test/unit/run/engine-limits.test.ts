import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { answer, asked, started } from '../../fixtures/run-scene.ts'
import { ANNA } from '../../fixtures/run-world.ts'

describe('limits', () => {
  it('the plan’s longest duration ends a run that waits', async () => {
    const { world, service, run } = await started({ plan: { limits: { maxDuration: '10m' } } }, (it) =>
      it.device.signals.set('boom.locked', false),
    )
    const { result } = await world.untilOver(service, run)
    expect(result).toMatchObject({ outcome: 'failed', reason: { code: 'run.took-too-long' }, device: 'runs-old' })
    expect((result?.endedAt ?? 0) - service.view(run).startedAt).toBeLessThan(605_000)
  })

  it('and one that writes for too long is stopped and restored', async () => {
    const { world, service, run, device } = await started({ plan: { limits: { maxDuration: '1m' } }, length: 900_000 })
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'run.took-too-long' },
      device: 'runs-old',
    })
    expect(device.acts).toEqual(['write from 0', 'restore'])
  })

  it('a low battery of the laptop keeps the door shut', async () => {
    const { world, service, run, device } = await started({ plan: { limits: { minConsoleBattery: 30 } } })
    world.power = { battery: 29, onMains: true }
    await world.untilPhase(service, run, 'failed')
    expect(service.view(run).reason).toMatchObject({ code: 'run.console-battery', detail: { battery: 29, needed: 30 } })
    expect(device.acts).toEqual([])
  })

  it('trust that ends before the write, or a role that is taken away, keeps it shut', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('boom.locked', false))
    await world.time.advance(5_000)
    device.signals.set('boom.locked', true)
    world.mayNot = { anna: new AppError('people.lease-ended').toData() }
    await world.time.advance(5_000)
    expect(service.view(run).reason?.code).toBe('people.lease-ended')
    world.mayNot = {}
    world.library = world.makeLibrary([])
    await world.time.advance(5_000)
    expect(service.view(run).reason?.code).toBe('plan.unknown')
    world.library = null
    await world.time.advance(5_000)
    expect(service.view(run).reason?.code).toBe('trust.none')
    expect(device.acts).toEqual([])
  })

  it('a plan that is withdrawn while a device is written is finished, one that expires before the confirmation asks', async () => {
    const { world, service, run, device } = await started()
    await world.time.until(() => device.acts.includes('written'))
    world.library = world.makeLibrary([])
    await world.time.until(() => device.restarts === 1)
    world.time.setWall(Date.parse('2027-03-01T00:00:00Z'))
    await asked(world, service, run)
    expect(service.view(run)).toMatchObject({ question: { about: 'unconfirmed' }, reason: { code: 'plan.expired' } })
    await answer(service, run, 'roll-back')
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'rolled-back', device: 'runs-old' })
  })

  it('bytes that change on disk after they were verified never reach the device whole', async () => {
    const { world, service, run, device } = await started({ length: 600_000 })
    await world.time.until(() => (device.partial?.done ?? 0) > 10_000)
    world.bytes[500_000] = 1
    await world.time.until(() => service.view(run).reason !== null)
    expect(service.view(run).reason?.code).toBe('artifact.corrupt')
    expect(device.bytesWritten).toBeLessThanOrEqual(512 * 1024)
    expect(device.acts).not.toContain('written')
    await service.cancel({ run }, ANNA)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'cancelled', device: 'runs-old' })
  })
})
