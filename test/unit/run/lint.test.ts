import { describe, expect, it } from 'vitest'
import { lintPlan, lintVerdict } from '../../../shared/conditions/lint.ts'
import type { PlanInput } from '../../../shared/model/plan.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'

const profiles = new Map([['acme-crane', craneProfile()]])
const findings = (change: Partial<PlanInput>) =>
  lintPlan(cranePlan(change), profiles).map(({ where, reason }) => ({ code: reason.code, where, ...reason.detail }))
const measured = (expr: string) => ({ conditions: [{ id: 'c', at: ['write' as const], expr }] })

it('a good plan has no findings', () => {
  expect(findings({})).toEqual([])
})

describe('expressions', () => {
  it.each([
    ['signal.boom.parked &&', 'condition.error', { problem: 'syntax' }],
    ['signal.boom.raised', 'reading.unknown-signal', { signal: 'boom.raised', type: 'acme-crane' }],
    ['consol.battery > 3', 'condition.error', { problem: 'unknown-name', why: 'consol' }],
    ['signal.battery.percent', 'condition.not-boolean', { why: 'double' }],
    ['signal.battery.percent + 1 > 3', 'condition.error', { problem: 'wrong-type' }],
    ['signal.battery.percent % 2.0 == 0.0', 'condition.error', { problem: 'wrong-type' }],
    ["signal.boom.parked == 'yes'", 'condition.error', { problem: 'wrong-type' }],
    ['signal.health.selftest == null', 'condition.error', { problem: 'wrong-type' }],
    ["signal.health.selftest.passed('x')", 'condition.error', { problem: 'unknown-function' }],
    ['signal.boom.parked && signal.health.selftest', 'condition.error', { problem: 'wrong-type' }],
    ['false && signal.battery.percent', 'condition.error', { problem: 'wrong-type' }],
    ["signal.boom.parked ? true : 'no'", 'condition.not-boolean', { why: 'unknown' }],
    ["device.versions.radio == '1'", 'document.invalid', { problem: 'no-such-component' }],
    ['device.slots.all(slot, slot.good)', 'condition.error', { problem: 'wrong-type' }],
    ['device.slots[0].version', 'condition.not-boolean', { why: 'text' }],
    ['operator.roles.exists(x, x)', 'condition.error', { problem: 'wrong-type' }],
  ])('%s', (expr, code, detail) => {
    const found = findings(measured(expr))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ where: 'conditions.c', code, ...detail })
  })

  it.each([
    'signal.battery.percent + 1.0 > 3.0',
    'signal.battery.percent > 3',
    'int(signal.battery.percent) % 2 == 0',
    'now.getHours() < 18',
    'device.slots[0].confirmed',
    "device.slots.filter(s, s.active).all(s, s.version == '2.4.1')",
    "operator.roles.exists(role, role == 'supervisor')",
    "duration('2h') > duration('1h') && now - timestamp('2026-01-01T00:00:00Z') > duration('1h')",
    "signal.health.selftest in ['pass', 'ok'] && size(signal.health.selftest) > 1",
  ])('%s is fine', (expr) => {
    expect(findings(measured(expr))).toEqual([])
  })

  it('a check is held to the same rules', () => {
    const checks = [{ id: 'x', title: 'X', expr: 'signal.nope', within: '3s' }]
    expect(findings({ checks })).toMatchObject([{ where: 'checks.x', code: 'reading.unknown-signal' }])
  })

  it('every type in scope must provide the signal, and must be known', () => {
    const scope = { sites: ['*'], deviceTypes: ['acme-crane', 'acme-winch', 'acme-ghost'] }
    const both = new Map([...profiles, ['acme-winch', craneProfile({ type: 'acme-winch', signals: [] })]])
    const found = lintPlan(cranePlan({ scope }), both)
    expect(found.map(({ reason }) => [reason.code, reason.detail.type])).toEqual([
      ['device.no-profile', 'acme-ghost'],
      ['reading.unknown-signal', 'acme-winch'],
      ['reading.unknown-signal', 'acme-winch'],
    ])
  })
})

describe('rules that contradict', () => {
  const at = ['write' as const]
  it.each<[string, Partial<PlanInput>]>([
    ['repeated-id', { conditions: [{ id: 'self-test', at, expr: 'signal.boom.parked' }] }],
    ['repeated-moment', { conditions: [{ id: 'c', at: ['write', 'write'], expr: 'signal.boom.parked' }] }],
    ['watch-without-write', { conditions: [{ id: 'c', at: ['restart'], watch: true, expr: 'signal.boom.parked' }] }],
    ['max-age-too-short', { conditions: [{ id: 'c', at, expr: 'signal.boom.parked', maxAge: '100ms' }] }],
    ['repeated-hold', { holds: ['before-write', 'before-write'] }],
    ['not-a-range', { scope: { sites: ['*'], deviceTypes: ['acme-crane'], from: { app: 'newish' } } }],
    ['no-such-component', { scope: { sites: ['*'], deviceTypes: ['acme-crane'], from: { radio: '*' } } }],
    ['no-such-component', { artifacts: [{ component: 'radio', target: 'artifacts/a.bin', version: '1' }] }],
    ['type-not-in-scope', { order: [{ types: ['acme-crane'] }, { types: ['acme-winch'] }] }],
    ['repeated-type', { order: [{ types: ['acme-crane'] }, { types: ['acme-crane'] }] }],
    ['ends-before-it-begins', { expires: '2026-10-01T00:00:00Z' }],
    ['empty-window', { window: { from: '06:00', to: '06:00', zone: 'site' } }],
    ['no-such-zone', { window: { from: '06:00', to: '18:00', zone: 'Mars/Base' } }],
  ])('%s', (problem, change) => {
    expect(findings(change)).toMatchObject([{ code: 'document.invalid', problem }])
  })
})

it('is a verdict for the library: the first finding, or nothing', () => {
  expect(lintVerdict(cranePlan(), [craneProfile()])).toBeNull()
  expect(lintVerdict(cranePlan(), [])).toMatchObject({
    code: 'device.no-profile',
    detail: { path: 'plans/crane-2.5.0.json' },
  })
})
