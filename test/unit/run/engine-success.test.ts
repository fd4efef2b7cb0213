import { describe, expect, it } from 'vitest'
import { actions, answer, asked, started } from '../../fixtures/run-scene.ts'
import { ANNA } from '../../fixtures/run-world.ts'

describe('success', () => {
  it('is what was read back: version and hash, confirmed', async () => {
    const { world, service, run, device } = await started()
    const view = await world.untilOver(service, run)
    expect(view.result).toMatchObject({
      outcome: 'succeeded',
      device: 'runs-new',
      readBack: { app: '2.5.0' },
      reason: null,
      also: null,
    })
    expect(device.acts).toEqual(['write from 0', 'written', 'restart', 'restarted', 'confirm'])
    expect(device.running).toEqual({ version: '2.5.0', hash: 'bb', confirmed: true })
    expect(view.steps.every(({ state }) => state === 'done')).toBe(true)
    expect(world.logged).toEqual([])
  })

  it('has an intent before each act and an outcome after it, and all of it in the audit log', async () => {
    const { world, service, run } = await started()
    await world.untilOver(service, run)
    const { timeline } = service.report(run)
    expect(timeline.map(({ action }) => action)).toEqual(actions(world))
    const doing = timeline.flatMap(({ what }) => /^(intent|outcome) act=\S+/.exec(what)?.[0] ?? [])
    expect(doing).toEqual([
      'intent act=write',
      'outcome act=write',
      'intent act=restart',
      'outcome act=restart',
      'intent act=confirm',
      'outcome act=confirm',
    ])
    expect([actions(world).at(0), actions(world).at(-1)]).toEqual(['run.started', 'run.ended'])
  })

  it('compares health before and after', async () => {
    const { world, service, run, device } = await started()
    await world.untilPhase(service, run, 'restarting')
    device.signals.set('battery.percent', 30)
    const { result } = await world.untilOver(service, run)
    expect(result?.health).toContainEqual({
      signal: 'battery.percent',
      title: 'Battery',
      unit: '%',
      before: 82,
      after: 30,
      verdict: 'worse',
    })
  })

  it('shows progress that only grows, with rate and time left', async () => {
    const { world, service, run, device } = await started({ length: 100_000 })
    const seen: { done: number; rate: number | null; etaMs: number | null }[] = []
    device.onChunk = () => {
      const { progress } = service.view(run)
      if (progress?.step === 'write') seen.push(progress)
    }
    await world.untilOver(service, run)
    expect(seen.length).toBeGreaterThan(50)
    expect(seen.every(({ done }, at) => at === 0 || done >= (seen[at - 1]?.done ?? 0))).toBe(true)
    // 1,000 bytes each 100 ms, and a look at the machine each second.
    expect(seen.at(-1)?.rate).toBeGreaterThan(8_000)
    expect(seen.at(-1)?.rate).toBeLessThanOrEqual(10_000)
  })

  it('on a device without trial boot ends after the checks', async () => {
    const driver = { traits: { trialBoot: false }, without: ['detach', 'confirm', 'rollback', 'restore'] as const }
    const { world, service, run, device } = await started({ driver })
    const { result } = await world.untilOver(service, run)
    expect(result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
    expect(device.acts).not.toContain('confirm')
  })

  it('on a device that must be detached first, detaches it after a proof of its own', async () => {
    const { world, service, run, device } = await started({ driver: { without: [] } })
    await world.untilOver(service, run)
    expect(device.acts.slice(0, 2)).toEqual(['detach', 'write from 0'])
  })

  it('on a device that restarts itself needs what a restart needs before the write', async () => {
    const conditions = [{ id: 'still', at: ['restart' as const], expr: 'signal.boom.locked' }]
    const { world, service, run, device } = await started(
      {
        plan: { conditions },
        binding: { driver: 'swupdate', link: 'http', port: 8080, restart: 'self' },
        driver: { traits: { trialBoot: false }, without: ['detach', 'confirm', 'rollback', 'restore'] },
      },
      (it) => {
        it.device.restartsItself = true
        it.device.signals.set('boom.locked', false)
      },
    )
    await world.time.advance(20_000)
    expect(device.acts).toEqual([])
    device.signals.set('boom.locked', true)
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
    expect(device.acts).toEqual(['write from 0', 'written', 'restarted'])
  })

  it('is not claimed when the confirmation did not hold', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.faults.forgetsConfirm = true
    })
    await asked(world, service, run)
    expect(service.view(run).question).toMatchObject({ kind: 'attention', about: 'unconfirmed' })
    await answer(service, run, 'roll-back')
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'rolled-back', device: 'runs-old' })
  })
})

describe('checks', () => {
  it('that fail roll back, and the old version is read back', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('health.selftest', 'fail'))
    const { result } = await world.untilOver(service, run)
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      device: 'runs-old',
      readBack: { app: '2.4.1' },
      reason: { code: 'check.failed', detail: { check: 'self-test', title: 'Self-test passes', withinMs: 30_000 } },
    })
    expect(device.acts).toContain('roll-back')
    expect(device.running).toEqual({ version: '2.4.1', hash: 'aa', confirmed: true })
  })

  it('may come true late, but within their time', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('health.selftest', 'busy'))
    await world.untilPhase(service, run, 'verifying')
    await world.time.advance(25_000)
    device.signals.set('health.selftest', 'pass')
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('ask a person where the plan says so', async () => {
    const { world, service, run } = await started({ plan: { onCheckFail: 'ask' } }, (it) =>
      it.device.signals.set('health.selftest', 'fail'),
    )
    await asked(world, service, run)
    expect(service.view(run)).toMatchObject({
      phase: 'attention',
      question: { about: 'checks-failed' },
      needsPerson: true,
    })
    await answer(service, run, 'confirm-new')
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'succeeded',
      also: { code: 'check.failed' },
    })
  })

  it('and a roll-back that the device refuses ask a person, with the truth', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.signals.set('health.selftest', 'fail')
      device.faults.refuseRollback = true
    })
    await asked(world, service, run)
    expect(service.view(run).question).toMatchObject({ about: 'rollback-failed' })
    await answer(service, run, 'give-up')
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      device: 'runs-new',
      readBack: { app: '2.5.0' },
      also: { code: 'device.no-rollback' },
    })
  })

  it('on a device that stopped answering end in not knowing, and looking again finds out', async () => {
    const { world, service, run, device } = await started({}, (it) => it.device.signals.set('health.selftest', 'busy'))
    await world.untilPhase(service, run, 'verifying')
    await world.time.until(() => service.view(run).conditions.length > 0 && device.restarts === 1)
    await world.time.advance(2_000)
    device.setPresence('absent')
    const view = await world.untilOver(service, run)
    expect(view.result).toMatchObject({ outcome: 'unknown', device: 'not-known', readBack: null })
    expect(view.hands).toBe('Switch the crane off and on')
    device.signals.set('health.selftest', 'pass')
    device.setPresence('present')
    const kari = { operator: 'kari', roles: ['auditor' as const] }
    await expect(service.checkAgain({ run }, kari)).rejects.toMatchObject({ code: 'people.role-missing' })
    await service.checkAgain({ run }, ANNA)
    expect(service.view(run)).toMatchObject({ phase: 'verifying', endedAt: null, result: null })
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
  })
})
