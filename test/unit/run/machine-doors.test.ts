import { describe, expect, it } from 'vitest'
import { CONSENT_MS } from '../../../electron/host/run/machine/demands.ts'
import { TABLE } from '../../../electron/host/run/machine/machine.ts'
import { VERDICT_MAX_MS } from '../../../electron/host/run/machine/verdict.ts'
import { AppError } from '../../../shared/errors.ts'
import { Phase } from '../../../shared/model/run.ts'
import { cranePlan } from '../../fixtures/crane.ts'
import { MachineDriver, runImage, seen } from '../../fixtures/run-machine.ts'

const data = (code: ConstructorParameters<typeof AppError>[0]) => new AppError(code).toData()
const NEW = seen({ runs: 'new', held: true })

it('every phase says what it does with every event', () => {
  const events = Object.keys(TABLE.planned)
  expect(events).toHaveLength(23)
  for (const phase of Phase.options) expect(Object.keys(TABLE[phase]).sort()).toEqual([...events].sort())
})

describe('the straight way', () => {
  it('checks, stages, proves, writes, proves, restarts, verifies, proves, confirms, reads back', () => {
    const run = new MachineDriver().toChecks()
    run.send({ type: 'checks-passed' })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'confirm' })
    run.prove()
    expect(run.effect).toMatchObject({ do: 'confirm' })
    run.send({ type: 'act-done', act: 'confirm' })
    expect(run.effect).toEqual({ do: 'observe', health: true })
    run.send({ type: 'observed', seen: NEW, health: {} })
    expect(run.state.result).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '2.5.0' } })
    expect(run.trace.filter(({ effect }) => effect && 'verdict' in effect).map(({ effect }) => effect?.do)).toEqual([
      'write',
      'restart',
      'confirm',
    ])
  })

  it('writes several images in order, each with a proof of its own, before one restart', () => {
    const images = [runImage(), runImage({ component: 'radio' }), runImage({ component: 'boot' })]
    const run = new MachineDriver(cranePlan(), images).toWriteDoor()
    for (const image of [0, 1, 2]) {
      expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'write', image })
      run.prove()
      expect(run.effect).toMatchObject({ do: 'write', image })
      run.send({ type: 'act-done', act: 'write' })
    }
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart', restart: 'none' })
  })

  it('a device without a trial boot needs no confirmation', () => {
    const run = new MachineDriver().toRestartDoor({ trialBoot: false, confirm: false, rollback: false })
    run.prove()
    run.send({ type: 'act-done', act: 'restart' })
    run.send({ type: 'returned' })
    run.send({ type: 'observed', seen: seen({ runs: 'new', confirmed: null, held: null }), health: null })
    run.send({ type: 'checks-passed' })
    run.send({ type: 'observed', seen: seen({ runs: 'new', confirmed: null, held: null }), health: {} })
    expect(run.state.phase).toBe('succeeded')
  })

  it('a device that restarts itself is only written when it may restart', () => {
    const conditions = [{ id: 'clear', at: ['restart' as const], attest: { text: 'Nobody near' } }]
    const run = new MachineDriver(cranePlan({ conditions, holds: ['before-restart'] })).toWriteDoor({
      restartsItself: true,
    })
    run.prove()
    expect(run.state.question).toMatchObject({ kind: 'hold', at: 'before-restart' })
    run.answer('go')
    run.prove()
    expect(run.state.question).toMatchObject({ kind: 'attest', condition: 'clear' })
    run.answer('attest')
    run.prove()
    expect(run.effect).toMatchObject({ do: 'write' })
    run.send({ type: 'act-done', act: 'write' })
    expect(run.effect).toEqual({ do: 'await-return' })
  })

  it('a device that must be detached is proved safe for that first', () => {
    const run = new MachineDriver().toWriteDoor({ detach: true })
    expect(run.state.moment).toBe('detach')
    run.prove()
    expect(run.effect).toMatchObject({ do: 'detach' })
    run.send({ type: 'act-done', act: 'detach' })
    expect(run.state.moment).toBe('write')
  })
})

describe('a verdict', () => {
  it.each([
    ['of another moment', { moment: 'restart' as const }],
    ['of another life of the host', { host: 'h0' }],
    ['from the future', { at: 1_001 }],
    ['that lapsed', { at: 1_000 - 4_001 }],
    ['older than any may be', { at: 1_000 - VERDICT_MAX_MS - 1, goodForMs: 60_000 }],
    ['that leaves a condition out', { conditions: [] }],
  ])('%s opens nothing', (_, change) => {
    const run = new MachineDriver().toWriteDoor()
    run.prove(change)
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', touched: false })
  })

  it('is consumed: the next act needs its own', () => {
    const run = new MachineDriver().toWriteDoor()
    const verdict = run.verdict()
    run.send({ type: 'proved', verdict })
    run.send({ type: 'act-done', act: 'write' })
    run.send({ type: 'proved', verdict })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart' })
  })

  it('that lapsed before the act began sends the run back to the door', () => {
    const run = new MachineDriver().toRestartDoor()
    run.prove()
    run.send({ type: 'act-lapsed', act: 'restart', reason: data('reading.stale') })
    expect(run.state).toMatchObject({ phase: 'awaiting-safe', moment: 'restart', restart: 'none' })
  })
})

describe('people at the door', () => {
  const conditions = [
    { id: 'clear', at: ['restart' as const], attest: { text: 'Nobody near', evidence: 'note' as const } },
  ]

  it('a hold is asked once the machine is safe, and an old answer fits no new question', () => {
    const run = new MachineDriver(cranePlan({ holds: ['before-write', 'before-restart'] })).toWriteDoor()
    expect(run.state.question).toBeNull()
    run.prove()
    expect(run.state.question).toMatchObject({ kind: 'hold', at: 'before-write', id: 'q1' })
    run.prove()
    expect(run.state.phase).toBe('awaiting-safe')
    expect(run.send({ type: 'answered', question: 'q0', choice: 'go', by: 'anna', note: null })).toBe(
      'run.wrong-answer',
    )
    expect(run.answer('give-up')).toBe('run.wrong-answer')
    expect(run.answer('go')).toBeNull()
    expect(run.state.phase).toBe('awaiting-safe')
    run.prove()
    expect(run.state.phase).toBe('writing')
  })

  it('an attestation wants its evidence, and lapses', () => {
    const run = new MachineDriver(cranePlan({ conditions })).toRestartDoor()
    run.prove()
    expect(run.answer('attest')).toBe('run.wrong-answer')
    expect(run.answer('attest', '  ')).toBe('run.wrong-answer')
    expect(run.answer('attest', 'walked round it')).toBeNull()
    run.now = { ...run.now, mono: run.now.mono + CONSENT_MS + 1 }
    run.prove()
    expect(run.state.question).toMatchObject({ kind: 'attest', id: 'q2' })
    run.answer('attest', 'walked round it again')
    run.prove()
    expect(run.state.phase).toBe('restarting')
  })

  it('an attestation counts for its own moment, and for one life of the host', () => {
    const run = new MachineDriver(
      cranePlan({ conditions: [{ ...conditions[0]!, at: ['write', 'restart'] }] }),
    ).toWriteDoor()
    const attest = () => {
      run.prove()
      expect(run.state.question).toMatchObject({ kind: 'attest', condition: 'clear' })
      run.answer('attest', 'walked round it')
    }
    attest()
    run.now = { ...run.now, host: 'h2' }
    attest()
    run.prove()
    expect(run.state.phase).toBe('writing')
    run.send({ type: 'act-done', act: 'write' })
    attest()
    run.prove()
    expect(run.state.phase).toBe('restarting')
  })

  it('an override opens the door only the way the plan allows', () => {
    const [parked] = cranePlan().conditions
    const level = { id: 'level', at: ['confirm' as const], expr: 'true', title: 'Level' }
    const run = new MachineDriver(cranePlan({ conditions: [parked!, level, ...conditions] })).toWriteDoor()
    const event = {
      type: 'overridden' as const,
      condition: 'boom-parked',
      by: 'sven',
      second: null,
      reason: 'sensor broken',
    }
    expect(run.send(event)).toBe('run.override-not-allowed')
    expect(run.send({ ...event, second: 'sven' })).toBe('run.override-not-allowed')
    expect(run.send({ ...event, condition: 'nope', second: 'anna' })).toBe('run.override-not-allowed')
    expect(run.send({ ...event, condition: 'level', second: 'anna' })).toBe('run.override-not-allowed')
    expect(run.send({ ...event, condition: 'clear', second: 'anna' })).toBe('run.override-not-allowed')
    expect(run.send({ ...event, second: 'anna' })).toBeNull()
    run.prove({ conditions: [] })
    expect(run.state.phase).toBe('writing')
    expect(run.log.find(({ kind }) => kind === 'intent')?.detail).toMatchObject({ overridden: ['boom-parked'] })
  })

  it('says once why it is not safe, and once that it is again', () => {
    const run = new MachineDriver(cranePlan({ holds: ['before-write'] })).toWriteDoor()
    const conditionLines = () => run.log.filter(({ action }) => action === 'run.condition').length
    const stale = (ageMs: number) =>
      new AppError('reading.stale', { detail: { condition: 'c', signal: 's', ageMs } }).toData()
    run.send({ type: 'blocked', reason: stale(6_000) })
    run.send({ type: 'blocked', reason: stale(7_000) })
    expect(conditionLines()).toBe(1)
    run.prove()
    expect(run.state.blocked).toBeNull()
    expect(conditionLines()).toBe(3)
  })
})

describe('stopping', () => {
  it('before anything was touched it simply ends', () => {
    const run = new MachineDriver().toWriteDoor()
    run.send({ type: 'cancel-wished', by: 'anna' })
    expect(run.state.result).toMatchObject({ outcome: 'cancelled', device: 'runs-old' })
  })

  it('during a write waits for the write to stop, restores, and reads back', () => {
    const run = new MachineDriver().toWriteDoor()
    run.prove()
    run.send({ type: 'cancel-wished', by: 'anna' })
    expect(run.state.phase).toBe('writing')
    run.send({ type: 'act-stopped', act: 'write', reason: data('cancelled') })
    expect(run.effect).toEqual({ do: 'restore' })
    run.send({ type: 'act-done', act: 'restore' })
    run.send({ type: 'observed', seen: seen({ pending: true }), health: {} })
    expect(run.effect).toEqual({ do: 'restore' })
    run.send({ type: 'act-done', act: 'restore' })
    run.send({ type: 'observed', seen: seen(), health: {} })
    expect(run.state.result).toMatchObject({ outcome: 'cancelled', device: 'runs-old', also: null })
  })

  it('a write that cannot be stopped is finished and then taken back', () => {
    const run = new MachineDriver().toWriteDoor({ stoppable: false })
    run.prove()
    run.send({ type: 'cancel-wished', by: 'anna' })
    run.send({ type: 'act-done', act: 'write' })
    expect(run.effect).toEqual({ do: 'restore' })
  })

  it('is refused between restart and confirmation', () => {
    const run = new MachineDriver().toRestartDoor()
    run.prove()
    expect(run.send({ type: 'cancel-wished', by: 'anna' })).toBe('run.not-safe-to-stop')
    expect(run.send({ type: 'pause-wished', on: true, by: 'anna' })).toBe('run.not-safe-to-stop')
  })

  it('a pause holds the door shut and nothing else', () => {
    const run = new MachineDriver().toWriteDoor()
    run.send({ type: 'pause-wished', on: true, by: 'anna' })
    run.prove()
    expect(run.state.phase).toBe('awaiting-safe')
    run.send({ type: 'pause-wished', on: false, by: 'anna' })
    expect(run.effect).toEqual({ do: 'prove' })
    run.prove()
    expect(run.state.phase).toBe('writing')
  })

  it('the plan’s longest duration ends it like a wish, and after the restart asks a person', () => {
    const early = new MachineDriver(cranePlan({ limits: { maxDuration: '30m' } })).toWriteDoor()
    early.send({ type: 'time-up' })
    expect(early.state.result).toMatchObject({
      outcome: 'failed',
      reason: { code: 'run.took-too-long', detail: { limitMs: 1_800_000 } },
    })
    const late = new MachineDriver().toChecks()
    late.send({ type: 'time-up' })
    late.send({ type: 'checks-passed' })
    expect(late.state).toMatchObject({
      phase: 'attention',
      attention: 'unconfirmed',
      reason: { code: 'run.took-too-long' },
    })
    late.answer('confirm-new')
    expect(late.state).toMatchObject({ phase: 'awaiting-safe', moment: 'confirm' })
  })
})
