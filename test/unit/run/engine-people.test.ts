import { describe, expect, it } from 'vitest'
import { answer, asked, started } from '../../fixtures/run-scene.ts'
import { ANNA, PASSPHRASE, RunWorld } from '../../fixtures/run-world.ts'

describe('people', () => {
  const conditions = [
    { id: 'area-clear', at: ['restart' as const], attest: { text: 'Nobody within 5 m', evidence: 'note' as const } },
  ]

  it('are asked at a hold, and for their word right before the act', async () => {
    const { world, service, run, device } = await started({ plan: { conditions, holds: ['before-restart'] } })
    expect(service.view(run).holds).toEqual(['before-restart'])
    await asked(world, service, run)
    expect(service.view(run)).toMatchObject({ question: { kind: 'hold', at: 'before-restart' }, needsPerson: true })
    await world.time.advance(60_000)
    expect(device.restarts).toBe(0)
    await answer(service, run, 'go')
    await asked(world, service, run)
    expect(service.view(run).question).toMatchObject({ kind: 'attest', text: 'Nobody within 5 m' })
    await expect(answer(service, run, 'attest')).rejects.toMatchObject({ code: 'run.wrong-answer' })
    await answer(service, run, 'attest', 'Walked round it')
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    expect(world.recorder.entries().find(({ action }) => action === 'run.attested')).toMatchObject({
      actor: 'anna',
      detail: { attest: 'area-clear', note: 'Walked round it' },
    })
  })

  it('answer the question that is asked, or none', async () => {
    const { world, service, run } = await started({ plan: { holds: ['before-write'] } })
    await expect(service.answer({ run, question: 'q1', choice: 'go' }, ANNA)).rejects.toMatchObject({
      code: 'run.not-waiting',
    })
    await asked(world, service, run)
    await expect(service.answer({ run, question: 'q7', choice: 'go' }, ANNA)).rejects.toMatchObject({
      code: 'run.wrong-answer',
    })
    await expect(
      service.answer({ run, question: 'q1', choice: 'go' }, { operator: 'kari', roles: [] }),
    ).rejects.toMatchObject({
      code: 'people.role-missing',
    })
    await expect(service.answer({ run: 'nope', question: 'q1', choice: 'go' }, ANNA)).rejects.toMatchObject({
      code: 'run.unknown',
    })
    await service.answer({ run, question: 'q1', choice: 'go' }, ANNA)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('start together where the plan wants two', async () => {
    const world = new RunWorld({ plan: { authority: { roles: ['technician'], twoPerson: true } } })
    const service = world.boot()
    const start = (second?: string) =>
      service.start(
        {
          plan: world.plan.id,
          device: world.key,
          ...(second && { second: { operator: second, passphrase: PASSPHRASE } }),
        },
        ANNA,
      )
    await expect(start()).rejects.toMatchObject({ code: 'people.second-person-needed' })
    await expect(start('anna')).rejects.toMatchObject({ code: 'people.same-person-twice' })
    await expect(start('sven')).rejects.toMatchObject({ code: 'people.role-missing' })
    const { run } = await start('ole')
    expect(world.recorder.entries().find(({ action }) => action === 'run.started')?.detail).toMatchObject({
      second: 'ole',
    })
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })
})

describe('stopping', () => {
  it('before the write leaves the device as it was', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('boom.locked', false))
    await world.time.advance(5_000)
    await service.cancel({ run }, null)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'cancelled', device: 'runs-old' })
    expect(device.acts).toEqual([])
    expect(world.recorder.entries().find(({ action }) => action === 'run.cancel-wished')?.actor).toBe('console')
  })

  it('while writing stops the write, restores, and reads the old version back', async () => {
    const { world, service, run, device } = await started({ length: 60_000 })
    await world.time.until(() => (device.partial?.done ?? 0) > 10_000)
    expect(service.activeWrites()).toEqual([run])
    await service.cancel({ run }, ANNA)
    expect(service.view(run)).toMatchObject({ phase: 'writing', cancelWished: true })
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'cancelled',
      device: 'runs-old',
      readBack: { app: '2.4.1' },
    })
    expect(device.acts).toEqual(['write from 0', 'restore'])
    expect(device.partial).toBeNull()
    expect(service.activeWrites()).toEqual([])
  })

  it('between restart and confirmation is refused', async () => {
    const { world, service, run } = await started()
    await world.untilPhase(service, run, 'restarting')
    await expect(service.cancel({ run }, ANNA)).rejects.toMatchObject({ code: 'run.not-safe-to-stop' })
    expect(service.view(run).canCancel).toBe(false)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
    await expect(service.cancel({ run }, ANNA)).rejects.toMatchObject({ code: 'run.not-waiting' })
  })

  it('for a while is pausing, at the next safe point', async () => {
    const { world, service, run, device } = await started()
    await world.time.until(() => (device.partial?.done ?? 0) > 3_000)
    await service.pause({ run, paused: true }, ANNA)
    await world.time.advance(60_000)
    expect(service.view(run)).toMatchObject({ paused: true, pauseWished: true, phase: 'awaiting-safe' })
    expect(device.acts).toEqual(['write from 0', 'written'])
    await service.pause({ run, paused: false }, ANNA)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })
})
