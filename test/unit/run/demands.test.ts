import { describe, expect, it } from 'vitest'
import { attestationBefore, holdBefore, measuredFor } from '../../../electron/host/run/machine/demands.ts'
import type { Traits } from '../../../electron/host/run/machine/state.ts'
import type { Moment } from '../../../shared/model/plan.ts'
import { cranePlan } from '../../fixtures/crane.ts'
import { MachineDriver, TRAITS } from '../../fixtures/run-machine.ts'

const measured = (id: Moment) => ({ id, at: [id], expr: 'true', title: id })
const plan = cranePlan({
  conditions: [
    ...(['detach', 'write', 'restart', 'confirm'] as const).map(measured),
    { id: 'watched', at: ['confirm'], watch: true, expr: 'true', title: 'Watched' },
  ],
})

const needed = (moment: Moment, traits: Partial<Traits> = {}, overridden: readonly string[] = []) =>
  measuredFor(plan, moment, {
    traits: { ...TRAITS, ...traits },
    overrides: overridden.map((condition) => ({ condition, by: 'sven', second: null, reason: 'broken' })),
  })

describe('what must be proved before an act', () => {
  it.each<[string, Moment, Partial<Traits>, string[]]>([
    ['each act has its own', 'detach', { detach: true }, ['detach']],
    ['a write also what is watched during it', 'write', { detach: true }, ['write', 'watched']],
    ['a write that disturbs it first answers for both', 'write', { detach: false }, ['detach', 'write', 'watched']],
    [
      'a write that restarts it answers for the restart',
      'write',
      { detach: true, restartsItself: true },
      ['write', 'restart', 'watched'],
    ],
    ['what is watched is not asked again at the restart', 'restart', {}, ['restart']],
    ['a confirmation', 'confirm', {}, ['confirm', 'watched']],
  ])('%s', (_, moment, traits, expected) => {
    expect(needed(moment, traits)).toEqual(expected)
  })

  it('what was overridden is not, and only that', () => {
    expect(needed('write', { detach: true }, ['watched'])).toEqual(['write'])
    expect(needed('write', { detach: true }, ['confirm'])).toEqual(['write', 'watched'])
  })
})

describe('whose word is needed before an act', () => {
  const asking = (at: Moment, holds: Parameters<typeof cranePlan>[0] = {}) =>
    cranePlan({ conditions: [{ id: 'clear', at: [at], attest: { text: 'Nobody near', evidence: 'none' } }], ...holds })
  const at = (moment: Moment, of: ReturnType<typeof cranePlan>, traits: Partial<Traits>) => {
    const { now, state } = new MachineDriver(of)
    const known = { ...state, traits: { ...TRAITS, ...traits } }
    return { hold: holdBefore(of, moment, known, now), attest: attestationBefore(of, moment, known, now)?.id ?? null }
  }

  it('of a write that disturbs or restarts the device, also what those need', () => {
    const restart = asking('restart', { holds: ['before-restart'] })
    expect(at('write', restart, { restartsItself: true })).toEqual({ hold: 'before-restart', attest: 'clear' })
    expect(at('write', restart, { restartsItself: false })).toEqual({ hold: null, attest: null })
    expect(at('write', asking('detach'), { detach: false }).attest).toBe('clear')
    expect(at('write', asking('detach'), { detach: true }).attest).toBeNull()
  })

  it('a go for the write is asked before the device leaves its application for it', () => {
    const write = asking('write', { holds: ['before-write', 'before-confirm'] })
    expect(at('detach', write, { detach: true })).toEqual({ hold: 'before-write', attest: null })
    expect(at('confirm', write, {})).toEqual({ hold: 'before-confirm', attest: null })
  })
})
