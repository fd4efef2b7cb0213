import { describe, expect, it } from 'vitest'
import { actions, answer, asked, started } from '../../fixtures/run-scene.ts'
import { ANNA, RunWorld } from '../../fixtures/run-world.ts'

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
