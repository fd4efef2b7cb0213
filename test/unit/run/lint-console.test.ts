import { expect, test } from 'vitest'
import { PUMP_PROFILE } from '../../../electron/sim/machines/pump.ts'
import { lintPlan } from '../../../shared/conditions/lint.ts'
import { Plan, type PlanInput } from '../../../shared/model/plan.ts'
import { Profile } from '../../../shared/model/profile.ts'

const pump = Profile.parse(PUMP_PROFILE)
const [binding] = PUMP_PROFILE.drivers
const { piece: _, ...load } = (binding as { load: { piece?: number } }).load
const inOnePiece = Profile.parse({ ...PUMP_PROFILE, drivers: [{ ...binding, load }] })

const problems = (profile: Profile, condition: NonNullable<PlanInput['conditions']>[number]) => {
  const plan = Plan.parse({
    format: 'slipway.plan/1',
    id: 'pump',
    title: 'Pump',
    reason: 'A test',
    notBefore: '2020-01-01T00:00:00Z',
    expires: '2099-01-01T00:00:00Z',
    scope: { sites: ['*'], deviceTypes: ['acme-pump'] },
    authority: { roles: ['technician'] },
    artifacts: [{ component: 'app', target: 'artifacts/pump.bin', version: '2.5.0' }],
    conditions: [condition],
  })
  return lintPlan(plan, new Map([['acme-pump', profile]])).map(({ where, reason }) => [where, reason.detail.problem])
}

const closed = { id: 'c', title: 'Hatch', expr: 'signal.hatch.closed' } as const
const tested = { id: 'c', title: 'Tested', expr: "signal.health.selftest == 'pass'" } as const

test('a signal that only the application tells cannot be asked for once it is gone', () => {
  expect(problems(pump, { ...tested, at: ['detach'] })).toEqual([])
  expect(problems(pump, { ...tested, at: ['write'] })).toEqual([['conditions.c', 'not-readable-in-boot-loader']])
  expect(problems(pump, { ...tested, at: ['restart'] })).toEqual([['conditions.c', 'not-readable-in-boot-loader']])
  expect(problems(pump, { ...closed, at: ['detach', 'write', 'restart'] })).toEqual([])
})

test('what is watched while it is loaded needs a load in pieces', () => {
  expect(problems(pump, { ...closed, at: ['write'], watch: true })).toEqual([])
  expect(problems(inOnePiece, { ...closed, at: ['write'] })).toEqual([])
  expect(problems(inOnePiece, { ...closed, at: ['write'], watch: true })).toEqual([
    ['conditions.c', 'not-readable-while-loading'],
  ])
})
