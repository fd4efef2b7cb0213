import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pathOfSubject, paths, placeOf } from '../../../renderer/routes.ts'

describe('placeOf', () => {
  test.each([
    ['', { area: 'home' }],
    ['#/', { area: 'home' }],
    [paths.site, { area: 'site' }],
    [paths.start, { area: 'start' }],
    [paths.find, { area: 'find' }],
    [paths.doctor(), { area: 'doctor', address: null }],
    [paths.doctor('serial:/dev/ttyUSB0'), { area: 'doctor', address: 'serial:/dev/ttyUSB0' }],
    [paths.plans, { area: 'plans' }],
    [paths.plan('crane-2.5.0'), { area: 'plan', plan: 'crane-2.5.0' }],
    [paths.runs, { area: 'runs' }],
    [paths.run('7f3a'), { area: 'run', run: '7f3a' }],
    [paths.batch('b1'), { area: 'batch', batch: 'b1' }],
    ['#/batches', { area: 'runs' }],
    [paths.report('7f3a'), { area: 'report', run: '7f3a' }],
    [paths.settings('trust'), { area: 'settings', section: 'trust' }],
    ['#/settings/nonsense', { area: 'settings', section: 'display' }],
    ['#/devices', { area: 'site' }],
    ['#/elsewhere', { area: 'nowhere', hash: '#/elsewhere' }],
  ])('%s', (hash, place) => {
    expect(placeOf(hash)).toEqual(place)
  })

  test('finds every device again, whatever its serial number is made of', () => {
    assert(
      property(string({ minLength: 1 }), (serial) => {
        const key = `acme-crane:${serial}`
        expect(placeOf(paths.device(key, 'signals'))).toEqual({ area: 'device', device: key, tab: 'signals' })
      }),
    )
  })

  test('survives an address that nobody made', () => {
    assert(
      property(string(), (text) => {
        expect(placeOf(`#/${text}`).area).toBeTypeOf('string')
      }),
    )
    expect(placeOf('#/devices/100%/health')).toEqual({ area: 'device', device: '100%', tab: 'health' })
  })
})

test.each([
  ['run:7f3a', paths.run('7f3a')],
  ['device:acme-crane:CR-0007', paths.device('acme-crane:CR-0007')],
  ['plan:crane-2.5.0', paths.plan('crane-2.5.0')],
  ['trust', paths.sync],
  ['audit', paths.audit],
  ['run:', null],
  ['the moon', null],
])('an alert about %s leads to %s', (subject, path) => {
  expect(pathOfSubject(subject)).toBe(path)
})
