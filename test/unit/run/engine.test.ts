import { describe, expect, it } from 'vitest'
import type { RunService } from '../../../electron/host/run/service.ts'
import { AppError } from '../../../shared/errors.ts'
import { ANNA, PASSPHRASE, RunWorld, SVEN, type WorldOptions } from '../../fixtures/run-world.ts'

async function started(options: WorldOptions = {}, before: (world: RunWorld) => void = () => {}) {
  const world = new RunWorld(options)
  before(world)
  const service = world.boot()
  const run = await world.start(service)
  return { world, service, run, device: world.device }
}
const actions = (world: RunWorld) => world.recorder.entries().map(({ action }) => action)
const answer = (
  service: RunService,
  run: string,
  choice: Parameters<RunService['answer']>[0]['choice'],
  note?: string,
) => {
  const question = service.view(run).question?.id ?? ''
  return service.answer({ run, question, choice, ...(note !== undefined && { note }) }, ANNA)
}
const asked = (world: RunWorld, service: RunService, run: string) =>
  world.time.until(() => service.view(run).question !== null)

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
    await service.checkAgain({ run }, ANNA)
    expect(service.view(run)).toMatchObject({ phase: 'verifying', endedAt: null, result: null })
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
  })
})

describe('a device that', () => {
  it('names the new version and runs the old one is caught by its own hash', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.faults.lies = true
    })
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      device: 'runs-old',
      readBack: { app: '2.5.0' },
      reason: { code: 'device.wrong-version', detail: { found: '2.5.0', lying: true } },
    })
  })

  it('falls back by itself is rolled back, and nobody claims otherwise', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.faults.failsToBoot = true
    })
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'rolled-back',
      device: 'runs-old',
      reason: { code: 'device.reverted', detail: { found: '2.4.1' } },
    })
  })

  it('does not come back is unknown, not failed', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      it.device.faults.noReturn = true
    })
    const view = await world.untilOver(service, run)
    expect(view.result).toMatchObject({
      outcome: 'unknown',
      reason: { code: 'device.restart-timeout', detail: { withinMs: 60_000 } },
      device: 'not-known',
    })
    device.setPresence('present')
    await service.checkAgain({ run }, ANNA)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('still answers with the old version while it goes down is not taken for one that fell back', async () => {
    const { world, service, run, device } = await started()
    await world.untilPhase(service, run, 'restarting')
    // It took the order, and answers as before for two more seconds.
    const { running, spare } = device
    await world.time.until(() => device.restarts === 1)
    const after = { running: device.running, spare: device.spare }
    Object.assign(device, { running, spare })
    device.setPresence('present')
    await world.time.advance(2_000)
    Object.assign(device, after)
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('refuses the image is restored, and the report says which of the two failed', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      it.device.faults.refuseImage = 'device.signature-rejected'
    })
    const { result } = await world.untilOver(service, run)
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'device.signature-rejected' },
      also: null,
      device: 'runs-old',
    })
    expect(device.acts.at(-1)).toBe('restore')
  })

  it('refuses the image and cannot be restored needs a person', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      Object.assign(it.device.faults, {
        refuseImage: 'device.image-rejected',
        refusedButPending: true,
        refuseRestore: true,
      })
    })
    await asked(world, service, run)
    expect(service.view(run).question).toMatchObject({ kind: 'attention', about: 'device-not-restored' })
    device.faults.refuseRestore = false
    await answer(service, run, 'check-again')
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      device: 'runs-old',
      reason: { code: 'device.image-rejected' },
      also: null,
    })
    expect(device.pending).toBe('nothing')
  })

  it('refuses the image, cannot be restored and is left like that, says both', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      Object.assign(device.faults, {
        refuseImage: 'device.image-rejected',
        refusedButPending: true,
        refuseRestore: true,
      })
    })
    await asked(world, service, run)
    await answer(service, run, 'give-up')
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      device: 'runs-old',
      reason: { code: 'device.image-rejected' },
      also: { code: 'device.refused' },
    })
  })

  it('is lost while it is written and comes back is written on from where it was, after a new proof', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      it.device.faults.loseLinkAt = { bytes: 8_000, forMs: 20_000 }
    })
    await world.untilOver(service, run)
    expect(device.acts.slice(0, 3)).toEqual(['write from 0', 'write from 8000', 'written'])
    expect(device.bytesWritten).toBe(20_000)
    // Whoever keeps the link has heard that it is dead.
    expect(world.devices.failures[0]).toMatchObject({ code: 'link.lost' })
    expect(actions(world).filter((action) => action === 'run.intent')).toHaveLength(4)
  })

  it('is lost for good while it is written ends in not knowing, once a person gives up', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.faults.loseLinkAt = { bytes: 8_000, forMs: null }
    })
    await asked(world, service, run)
    expect(service.view(run)).toMatchObject({
      question: { about: 'device-not-restored', choices: ['check-again', 'give-up'] },
      linkNote: { code: 'device.gone' },
    })
    await answer(service, run, 'give-up')
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'unknown',
      device: 'not-known',
      reason: { code: 'link.lost' },
      also: { code: 'device.not-restored' },
    })
  })

  it('is lost for longer than it may be, and plugged in again, goes on without being told', async () => {
    const { world, service, run } = await started({}, ({ device }) => {
      device.faults.loseLinkAt = { bytes: 8_000, forMs: 600_000 }
    })
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('stands still is given up after its time, three times, and restored', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      it.device.faults.stallAt = 5_000
    })
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'device.write-failed', detail: { at: 5_000, stalledMs: 60_000 } },
      device: 'runs-old',
    })
    expect(device.acts.filter((act) => act === 'write from 5000').length).toBeGreaterThanOrEqual(2)
  })

  it('holds somebody else’s image is not touched until that is settled', async () => {
    const { world, service, run, device } = await started({}, (it) => {
      it.device.spare = { version: '9.9.9', hash: 'ff' }
      it.device.pending = 'trial'
    })
    await asked(world, service, run)
    expect(service.view(run)).toMatchObject({
      question: { about: 'foreign-image' },
      reason: { code: 'device.pending-image', detail: { version: '9.9.9' } },
    })
    expect(device.acts).toEqual([])
    device.pending = 'nothing'
    await answer(service, run, 'check-again')
    expect((await world.untilOver(service, run)).result?.outcome).toBe('succeeded')
  })

  it('runs the new version unconfirmed when it is met asks whether to keep it', async () => {
    const world = new RunWorld()
    Object.assign(world.device, {
      running: { version: '2.5.0', hash: 'bb', confirmed: false },
      spare: { version: '2.4.1', hash: 'aa' },
    })
    const service = world.boot()
    const run = await world.start(service)
    await asked(world, service, run)
    expect(service.view(run).question).toMatchObject({
      about: 'unconfirmed',
      choices: ['confirm-new', 'check-again', 'give-up'],
    })
    await answer(service, run, 'check-again')
    expect((await world.untilOver(service, run)).result).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
  })

  it('changed its version since the start is not touched', async () => {
    const { world, service, run, device } = await started()
    device.running.version = '2.2.0'
    expect((await world.untilOver(service, run)).result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'plan.wrong-version', detail: { component: 'app', found: '2.2.0' } },
    })
    expect(device.acts).toEqual([])
  })
})

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

describe('starting', () => {
  const set = (change: (world: RunWorld) => Partial<RunWorld>) => (world: RunWorld) =>
    void Object.assign(world, change(world))
  it.each<[string, (world: RunWorld) => void]>([
    ['plan.unknown', set((world) => ({ library: world.makeLibrary([]) }))],
    ['trust.none', set(() => ({ library: null }))],
    ['artifact.missing', set(() => ({ held: false }))],
    ['artifact.version-mismatch', set(({ facts }) => ({ facts: { ...facts, version: '2.5.1' } }))],
    ['artifact.bad-signature', set(({ facts }) => ({ facts: { ...facts, signature: 'bad' } }))],
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
