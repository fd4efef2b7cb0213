import { describe, expect, it } from 'vitest'
import { type FactSources, factOf } from '../../../shared/conditions/facts.ts'
import { judge, judgeable, signalsOf } from '../../../shared/conditions/judge.ts'
import type { Reading, SignalValue } from '../../../shared/model/reading.ts'
import { craneProfile, reading } from '../../fixtures/crane.ts'

const NOW = 100_000

function sources(values: Record<string, SignalValue | Reading>, change: Partial<FactSources> = {}): FactSources {
  const readings = Object.entries(values).map(([id, value]): [string, Reading] => [
    id,
    typeof value === 'object' ? value : reading(id, value, NOW - 100),
  ])
  return {
    profile: craneProfile(),
    identity: { type: 'acme-crane', serial: 'CR-0007', hardware: 'r2' },
    readings: new Map(readings),
    status: {
      value: {
        mode: 'application',
        versions: { app: '2.4.1' },
        slots: [
          {
            component: 'app',
            name: 'primary',
            version: '2.4.1',
            hash: null,
            active: true,
            pending: false,
            confirmed: true,
            permanent: false,
          },
        ],
      },
      at: NOW - 50,
    },
    console: { battery: 80, onMains: true, offlineDays: 6 },
    operator: { id: 'anna', roles: ['technician'] },
    now: Date.UTC(2026, 10, 20, 12),
    ...change,
  }
}

const judged = (expr: string, from: FactSources, maxAge = '5s') =>
  judge(judgeable({ id: 'c', title: 'C', expr, maxAge }), from, NOW)
const parked = { 'boom.parked': true, 'boom.locked': true, 'battery.percent': 82, 'health.selftest': 'pass' }

describe('what holds', () => {
  it.each([
    'signal.boom.parked && signal.boom.locked',
    'signal.battery.percent >= 40',
    'signal.battery.percent == 82 && signal.battery.percent in [82.0, 83.0]',
    "signal.health.selftest == 'pass'",
    "signal.health.selftest.startsWith('pa') && signal.health.selftest.matches('^p.*s$')",
    "device.type == 'acme-crane' && device.serial == 'CR-0007' && device.hardware == 'r2'",
    "device.mode == 'application' && device.versions.app == '2.4.1'",
    "device.versions['app'] == '2.4.1'",
    'device.slots.all(slot, slot.confirmed)',
    "device.slots.exists(slot, slot.active && slot.version == '2.4.1')",
    'console.battery > 30 && console.onMains && console.offlineDays < 14',
    "operator.id == 'anna' && 'technician' in operator.roles",
    "now > timestamp('2026-01-01T00:00:00Z')",
    'signal.boom.parked ? signal.boom.locked : false',
  ])('%s', (expr) => {
    expect(judged(expr, sources(parked))).toMatchObject({ holds: true, reason: null })
  })

  it('is good for as long as its oldest reading stays fresh', () => {
    const from = sources({ ...parked, 'boom.locked': reading('boom.locked', true, NOW - 3_000) })
    expect(judged('signal.boom.parked && signal.boom.locked', from).goodForMs).toBe(2_000)
    expect(judged('console.onMains', from).goodForMs).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('what does not hold says why', () => {
  const reason = (expr: string, from: FactSources, maxAge?: string) => {
    const judgement = judged(expr, from, maxAge)
    expect(judgement.holds).toBe(false)
    expect(judgement.goodForMs).toBe(0)
    return judgement.reason
  }

  it('false: the reading that decided, not the ones that were fine', () => {
    const from = sources({ ...parked, 'boom.locked': false })
    expect(reason('signal.boom.parked && signal.boom.locked', from)).toMatchObject({
      code: 'condition.false',
      detail: {
        condition: 'c',
        signal: 'boom.locked',
        signalTitle: 'Boom locked',
        value: false,
        ageMs: 100,
        readings: 'Boom locked: false',
      },
    })
  })

  it('missing, although a short cut would not have looked', () => {
    const { 'boom.locked': _, ...rest } = parked
    expect(reason('signal.boom.parked || signal.boom.locked', sources(rest))).toMatchObject({
      code: 'reading.missing',
      detail: { signal: 'boom.locked', condition: 'c' },
    })
  })

  it('a negated missing reading is not proof of the opposite', () => {
    expect(reason('!signal.boom.parked', sources({}))?.code).toBe('reading.missing')
  })

  it('stale, by the monotonic clock, to the millisecond', () => {
    const at = (age: number) => sources({ ...parked, 'boom.parked': reading('boom.parked', true, NOW - age) })
    expect(judged('signal.boom.parked', at(5_000)).holds).toBe(true)
    expect(reason('signal.boom.parked', at(5_001))).toMatchObject({
      code: 'reading.stale',
      detail: { signal: 'boom.parked', ageMs: 5_001, maxAgeMs: 5_000 },
    })
  })

  it('a reading from the future is of another clock', () => {
    const from = sources({ ...parked, 'boom.parked': reading('boom.parked', true, NOW + 10) })
    expect(reason('signal.boom.parked', from)?.code).toBe('reading.stale')
  })

  it.each([
    ['no-answer', 'reading.missing'],
    ['unreadable', 'reading.unreadable'],
    ['not-supported', 'reading.unreadable'],
    ['out-of-range', 'reading.out-of-range'],
  ] as const)('fault %s -> %s, whatever value came with it', (fault, code) => {
    const from = sources({ ...parked, 'boom.parked': reading('boom.parked', true, NOW, { fault, raw: '??' }) })
    expect(reason('signal.boom.parked', from)?.code).toBe(code)
  })

  it('a signal that the profile does not have', () => {
    expect(reason('signal.boom.raised', sources(parked))).toMatchObject({
      code: 'reading.unknown-signal',
      detail: { signal: 'boom.raised' },
    })
  })

  it('a status that was not asked, is too old, or leaves the version out', () => {
    expect(reason("device.versions.app == '2.4.1'", sources(parked, { status: null }))?.code).toBe('reading.missing')
    const { status } = sources(parked)
    const old = sources(parked, { status: status && { ...status, at: NOW - 9_000 } })
    expect(reason("device.mode == 'application'", old)?.code).toBe('reading.stale')
    const silent = sources(parked, {
      status: status && { ...status, value: { ...status.value, versions: { app: null } } },
    })
    expect(reason("device.versions.app != '2.5.0'", silent)?.code).toBe('reading.missing')
    expect(reason("device.versions.constructor != 'x'", sources(parked))?.code).toBe('reading.missing')
    expect(reason("device.slots.all(slot, slot.hash != '00')", sources(parked))?.code).toBe('condition.error')
  })

  it('a laptop that will not say', () => {
    const from = sources(parked, { console: { battery: null, onMains: null, offlineDays: null } })
    for (const expr of ['console.battery >= 0.0', '!console.onMains', 'console.offlineDays < 100']) {
      expect(reason(expr, from)?.code).toBe('reading.missing')
    }
  })

  it.each([
    ['false', 'condition.false'],
    ['1 == 2 && signal.boom.parked', 'condition.false'],
    ['signal.battery.percent', 'condition.not-boolean'],
    ['signal.battery.percent + 1 > 3', 'condition.error'],
    ['1 / 0 == 1', 'condition.error'],
    ['signal.boom.parked && (', 'condition.error'],
    ['', 'condition.error'],
    ['nonsense', 'condition.error'],
    ['has(signal.boom.parked)', 'condition.error'],
    ["signal['boom.parked']", 'condition.error'],
    ['size(signal) > 0', 'condition.error'],
    ['console.password', 'condition.error'],
    ['[1].all(a, [2].all(b, a < b))', 'condition.error'],
    ['[true].all(signal, signal)', 'condition.error'],
    ['signal.boom.parked.really', 'reading.unknown-signal'],
  ])('%s -> %s', (expr, code) => {
    expect(reason(expr, sources(parked))?.code).toBe(code)
  })
})

it('nesting that no person writes is refused, not the end of the stack', () => {
  for (const depth of [190, 300, 450]) {
    const expr = `${'['.repeat(depth)}${']'.repeat(depth)} == []`
    expect(judged(expr, sources(parked))).toMatchObject({ holds: false })
  }
  expect(judged(`${'('.repeat(490)}true${')'.repeat(490)}`, sources(parked)).holds).toBe(true)
})

it('two signals may share the beginning of a name', () => {
  const spec = (id: string) => ({
    id,
    title: id,
    type: 'bool' as const,
    source: { from: 'smp.stat' as const, group: 'a', field: 'b' },
  })
  const from = sources(
    { boom: true, 'boom.parked': false },
    { profile: craneProfile({ signals: [spec('boom'), spec('boom.parked')] }) },
  )
  expect(judged('signal.boom && !signal.boom.parked', from).holds).toBe(true)
})

it('names the signals that must be read', () => {
  const condition = judgeable({ id: 'c', expr: 'signal.b || (signal.a.x > 1.0 && console.onMains)', maxAge: '5s' })
  expect(signalsOf(condition)).toEqual(['a.x', 'b'])
})

it('a fact shows what a person can read', () => {
  expect(factOf('signal.battery.percent', sources(parked))).toMatchObject({ shown: 82, title: 'Battery', unit: '%' })
  expect(factOf('device.slots', sources(parked)).shown).toBeNull()
})
