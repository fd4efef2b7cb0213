import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { cranePlan } from '../../fixtures/crane.ts'
import { BEFORE, MachineDriver, seen, TRAITS } from '../../fixtures/run-machine.ts'

const data = (code: ConstructorParameters<typeof AppError>[0]) => new AppError(code).toData()
const NEW_TRIAL = seen({ runs: 'new', confirmed: false, held: true })
const NEW = seen({ runs: 'new', held: true })

describe('a write that fails', () => {
  const lost = { type: 'act-failed' as const, act: 'write' as const, error: data('link.lost'), progressed: false }

  it('for a lost cable asks the device, and goes on after a new proof', () => {
    const run = new MachineDriver().toWriteDoor()
    run.prove()
    run.send(lost)
    expect(run.effect).toEqual({ do: 'observe', health: false })
    run.send({ type: 'observed', seen: seen(), health: null })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'write' })
  })

  it('again and again without progress is given up; with progress it is not', () => {
    const attempt = (run: MachineDriver, progressed: boolean) => {
      run.prove()
      run.send({ ...lost, progressed })
      run.send({ type: 'observed', seen: seen(), health: null })
    }
    const stuck = new MachineDriver().toWriteDoor()
    for (let n = 0; n < 3; n += 1) attempt(stuck, false)
    expect(stuck.effect).toEqual({ do: 'restore' })
    const slow = new MachineDriver().toWriteDoor()
    for (let n = 0; n < 9; n += 1) attempt(slow, true)
    expect(slow.state).toMatchObject({ phase: 'awaiting-safe', moment: 'write' })
  })

  it('because the device refuses the image is final, restored, and says which failed', () => {
    const run = new MachineDriver().toWriteDoor()
    run.prove()
    run.send({ ...lost, error: data('device.signature-rejected') })
    run.send({ type: 'observed', seen: seen(), health: null })
    expect(run.effect).toEqual({ do: 'restore' })
    run.send({ type: 'act-failed', act: 'restore', error: data('device.no-answer'), progressed: false })
    run.send({ type: 'no-answer', reason: data('device.no-answer') })
    expect(run.state).toMatchObject({ phase: 'attention', attention: 'device-not-restored' })
    expect(run.effect).toEqual({ do: 'wait', for: 'device' })
    run.answer('give-up')
    expect(run.state.result).toMatchObject({
      outcome: 'unknown',
      device: 'not-known',
      reason: { code: 'device.signature-rejected' },
      also: { code: 'device.no-answer' },
    })
  })

  it('and is restored when the device comes back by itself', () => {
    const run = new MachineDriver().toWriteDoor()
    run.prove()
    run.send(lost)
    run.send({ type: 'no-answer', reason: data('device.gone') })
    expect(run.state.attention).toBe('device-not-restored')
    run.send({ type: 'device-back' })
    run.send({ type: 'observed', seen: seen(), health: null })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'write' })
  })

  it('a condition that falls while writing stops it, and every word given before is void', () => {
    const run = new MachineDriver(cranePlan({ holds: ['before-write'] })).toWriteDoor()
    run.prove()
    run.answer('go')
    run.prove()
    run.send({ type: 'act-stopped', act: 'write', reason: data('condition.changed-while-writing') })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', blocked: { code: 'condition.changed-while-writing' } })
    run.prove()
    expect(run.state.question).toMatchObject({ kind: 'hold', at: 'before-write' })
  })
})

describe('after the restart', () => {
  const restarted = () => {
    const run = new MachineDriver().toRestartDoor()
    run.prove()
    run.send({ type: 'act-done', act: 'restart' })
    return run
  }

  it('a device that does not come back is unknown, not failed, and can be asked again', () => {
    const run = restarted()
    run.send({ type: 'no-answer', reason: data('device.restart-timeout') })
    expect(run.state.result).toMatchObject({ outcome: 'unknown', device: 'not-known', readBack: null })
    run.send({ type: 'check-again', by: 'anna' })
    expect(run.state).toMatchObject({ phase: 'verifying', asking: true, result: null })
    run.send({ type: 'observed', seen: NEW_TRIAL, health: null })
    expect(run.effect).toEqual({ do: 'run-checks' })
  })

  it('the old version means that the device went back', () => {
    const run = restarted()
    run.send({ type: 'returned' })
    run.send({ type: 'observed', seen: seen({ held: true }), health: null })
    expect(run.state.result).toMatchObject({
      outcome: 'rolled-back',
      reason: { code: 'device.reverted' },
      device: 'runs-old',
    })
  })

  it.each([null, true])(
    'the new version of a family without a trial (confirmed: %s) is checked all the same',
    (confirmed) => {
      const run = new MachineDriver().toRestartDoor({ trialBoot: false, confirm: false })
      run.prove()
      run.send({ type: 'act-done', act: 'restart' })
      run.send({ type: 'returned' })
      run.send({ type: 'observed', seen: seen({ runs: 'new', confirmed, held: true }), health: null })
      expect(run.state).toMatchObject({ phase: 'verifying', result: null, failures: 0 })
      expect(run.effect).toEqual({ do: 'run-checks' })
    },
  )

  it('a version that is contradicted by the hash is no success', () => {
    const run = restarted()
    run.send({ type: 'returned' })
    const lie = { component: 'app', said: '2.5.0', expected: '2.5.0' }
    run.send({ type: 'observed', seen: seen({ lie, versions: { app: '2.5.0' } }), health: null })
    expect(run.state.result).toMatchObject({
      outcome: 'failed',
      device: 'runs-old',
      reason: { code: 'device.wrong-version', detail: { found: '2.5.0', expected: '2.5.0', lying: true } },
    })
  })

  it('something else entirely is rolled back where it still can be', () => {
    const run = restarted()
    run.send({ type: 'returned' })
    run.send({ type: 'observed', seen: seen({ runs: 'other', confirmed: false }), health: null })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart', undo: { how: 'rollback' } })
  })

  it('a failed check rolls back, after the machine was proved safe to restart', () => {
    const run = new MachineDriver().toChecks()
    run.send({ type: 'checks-failed', reason: data('check.failed') })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart' })
    run.prove()
    expect(run.effect).toMatchObject({ do: 'roll-back' })
    run.send({ type: 'act-done', act: 'roll-back' })
    expect(run.effect).toEqual({ do: 'await-return' })
    run.send({ type: 'returned' })
    run.send({ type: 'observed', seen: seen(), health: {} })
    expect(run.state.result).toMatchObject({
      outcome: 'rolled-back',
      reason: { code: 'check.failed' },
      device: 'runs-old',
    })
  })

  it('a roll-back that does not take asks a person, with the truth', () => {
    const run = new MachineDriver().toChecks()
    run.send({ type: 'checks-failed', reason: data('check.failed') })
    run.prove()
    run.send({ type: 'act-done', act: 'roll-back' })
    run.send({ type: 'returned' })
    run.send({ type: 'observed', seen: NEW, health: {} })
    expect(run.state).toMatchObject({ attention: 'rollback-failed', reason: { code: 'device.rollback-failed' } })
    run.answer('give-up')
    expect(run.state.result).toMatchObject({ outcome: 'failed', device: 'runs-new' })
  })

  it('a plan that says ask, asks, and what a person accepts is in the report', () => {
    const run = new MachineDriver(cranePlan({ onCheckFail: 'ask' })).toChecks()
    run.send({ type: 'checks-failed', reason: data('check.failed') })
    expect(run.state.question).toMatchObject({
      about: 'checks-failed',
      choices: ['roll-back', 'confirm-new', 'check-again', 'give-up'],
    })
    run.answer('confirm-new')
    run.prove()
    run.send({ type: 'act-done', act: 'confirm' })
    run.send({ type: 'observed', seen: NEW, health: {} })
    expect(run.state.result).toMatchObject({ outcome: 'succeeded', also: { code: 'check.failed' } })
  })

  it('where the plan says roll back and the device cannot, nobody may keep it silently', () => {
    const run = new MachineDriver().toChecks({ rollback: false })
    run.send({ type: 'checks-failed', reason: data('check.failed') })
    expect(run.state.question).toMatchObject({ about: 'checks-failed', choices: ['check-again', 'give-up'] })
  })

  it('a plan that ended before the confirmation asks a person instead of waiting for a power cut', () => {
    const run = new MachineDriver().toChecks()
    run.send({ type: 'checks-passed' })
    run.send({ type: 'blocked', reason: data('plan.expired') })
    expect(run.state).toMatchObject({ attention: 'unconfirmed', reason: { code: 'plan.expired' } })
    run.answer('roll-back')
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart', undo: { how: 'rollback' } })
  })

  it('a confirmation that the device does not take is tried again, then a person is asked', () => {
    const run = new MachineDriver().toChecks()
    for (let n = 0; n < 4 && run.state.phase !== 'attention'; n += 1) {
      run.send({ type: 'checks-passed' })
      run.prove()
      run.send({ type: 'act-failed', act: 'confirm', error: data('device.no-answer'), progressed: false })
      run.send({ type: 'observed', seen: NEW_TRIAL, health: {} })
    }
    expect(run.state).toMatchObject({ attention: 'unconfirmed' })
  })
})

describe('what is found at the start', () => {
  const meet = (found: ReturnType<typeof seen>) => {
    const run = new MachineDriver()
    run.send({ type: 'start' })
    run.send({ type: 'checked', traits: TRAITS, before: BEFORE, seen: found })
    return run
  }

  it('somebody else’s image waiting is theirs to settle', () => {
    const run = meet(seen({ foreign: { component: 'app', version: '3.0.0' } }))
    expect(run.state).toMatchObject({ attention: 'foreign-image', touched: false })
    run.answer('check-again')
    expect(run.effect).toEqual({ do: 'check' })
  })

  it('the new version, confirmed, needs nothing', () => {
    expect(meet(NEW).state.result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'plan.not-needed' },
      device: 'runs-new',
    })
  })

  it('the new version on trial needs a decision', () => {
    const run = meet(NEW_TRIAL)
    expect(run.state.question).toMatchObject({
      about: 'unconfirmed',
      choices: ['confirm-new', 'check-again', 'give-up'],
    })
  })
})

describe('after the host was gone', () => {
  const revive = (run: MachineDriver) => {
    run.now = { ...run.now, host: 'h2', mono: 5 }
    run.send({ type: 'host-restarted' })
    return run
  }

  it('untouched is done again', () => {
    expect(revive(new MachineDriver()).effect).toEqual({ do: 'check' })
    expect(revive(new MachineDriver().toWriteDoor()).effect).toEqual({ do: 'prove' })
  })

  it('touched asks the device, and goes on only with a new proof', () => {
    const run = new MachineDriver().toWriteDoor()
    run.prove()
    const old = run.verdict({ moment: 'write' })
    revive(run)
    expect(run.effect).toEqual({ do: 'observe', health: false })
    run.send({ type: 'observed', seen: seen(), health: null })
    run.send({ type: 'proved', verdict: old })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'write' })
  })

  it('a restart that nobody saw end: what runs decides', () => {
    const at = (found: ReturnType<typeof seen>) => {
      const run = new MachineDriver().toRestartDoor()
      run.prove()
      revive(run).send({ type: 'observed', seen: found, health: null })
      return run
    }
    expect(at(NEW_TRIAL).effect).toEqual({ do: 'run-checks' })
    expect(at(seen({ held: true, pending: true })).state).toMatchObject({
      phase: 'awaiting-safe',
      moment: 'restart',
      restart: 'none',
    })
    expect(at(seen({ held: false })).effect).toEqual({ do: 'restore' })
  })

  it('a confirmation that nobody saw end: read, and checked again where it did not happen', () => {
    const at = (found: ReturnType<typeof seen>) => {
      const run = new MachineDriver().toChecks()
      run.send({ type: 'checks-passed' })
      run.prove()
      revive(run).send({ type: 'observed', seen: found, health: {} })
      return run
    }
    expect(at(NEW).state.phase).toBe('succeeded')
    expect(at(NEW_TRIAL).effect).toEqual({ do: 'run-checks' })
    expect(at(seen()).state.result?.reason?.code).toBe('device.reverted')
  })

  it('a question is asked again under a new number, with the same choices', () => {
    const run = new MachineDriver().toChecks({ rollback: false })
    run.send({ type: 'checks-failed', reason: data('check.failed') })
    const { question } = run.state
    revive(run)
    expect(run.state.question).toMatchObject({ choices: ['check-again', 'give-up'] })
    expect(run.state.question?.id).not.toBe(question?.id)
  })

  it('holds and attestations are asked again, an override stays', () => {
    const run = new MachineDriver(cranePlan({ holds: ['before-write'] })).toWriteDoor()
    run.send({ type: 'overridden', condition: 'boom-parked', by: 'sven', second: 'anna', reason: 'sensor broken' })
    run.prove()
    run.answer('go')
    revive(run)
    run.prove({ conditions: [] })
    expect(run.state.question).toMatchObject({ kind: 'hold', at: 'before-write' })
    expect(run.state.overrides).toHaveLength(1)
  })

  it('time that passed meanwhile counts, by the wall clock and never backwards', () => {
    const run = new MachineDriver().toWriteDoor()
    run.now = { host: 'h2', mono: 1, wall: run.now.wall + 60_000 }
    run.send({ type: 'host-restarted' })
    expect(run.state.spentMs).toBe(60_000)
    run.now = { host: 'h3', mono: 1, wall: run.now.wall - 500_000 }
    run.send({ type: 'host-restarted' })
    expect(run.state.spentMs).toBe(60_000)
  })
})
