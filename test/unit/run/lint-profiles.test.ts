import { expect, test } from 'vitest'
import { PUMP_PROFILE } from '../../../electron/sim/machines/pump.ts'
import { thruster } from '../../../electron/sim/machines/thruster.ts'
import { SIM_PROFILES } from '../../../electron/sim/profiles.ts'
import { lintProfiles } from '../../../shared/conditions/lint-profiles.ts'
import { Profile, type ProfileInput } from '../../../shared/model/profile.ts'

const base = thruster.profile
const rom = { vid: '0483', pid: 'df11' }
const TYPE = { source: { from: 'usb', field: 'product' } } as const

function profile(type: string, places: readonly { vid: string; pid: string; product?: string }[], asksType = false) {
  const drivers: ProfileInput['drivers'] = [{ driver: 'dfu', link: 'usb', usb: [...places] }]
  return Profile.parse({ ...base, type, drivers, identity: { ...base.identity, ...(asksType && { type: TYPE }) } })
}
const why = (...profiles: Profile[]) => lintProfiles(profiles).map(({ reason }) => reason.detail.why)

test('types behind the same boot loader of the chip cannot be told apart', () => {
  expect(lintProfiles([profile('winch', [rom]), profile('pump', [{ vid: '1209', pid: '0001' }, rom])])).toEqual([
    {
      types: ['pump', 'winch'],
      reason: expect.objectContaining({
        code: 'document.invalid',
        detail: { problem: 'shared-usb-id', why: 'shared-usb-id 0483:df11: pump, winch' },
      }),
    },
  ])
})

test('one that does not ask for its type takes the devices of one that does', () => {
  expect(why(profile('pump', [rom], true), profile('winch', [rom]))).toEqual(['shared-usb-id 0483:df11: pump, winch'])
  expect(why(profile('pump', [rom], true), profile('winch', [rom], true))).toEqual([])
})

test('product strings tell them apart where both name one', () => {
  const [a, b] = [
    { ...rom, product: 'Pump' },
    { ...rom, product: 'Winch' },
  ]
  expect(why(profile('pump', [a]), profile('winch', [b]))).toEqual([])
  expect(why(profile('pump', [a]), profile('winch', [a]))).toHaveLength(1)
  expect(why(profile('pump', [a]), profile('winch', [rom]))).toHaveLength(1)
})

test('other ids, another driver, or the same type: no clash', () => {
  const smp = Profile.parse({
    ...base,
    type: 'crane',
    drivers: [{ driver: 'smp', link: 'serial', usb: [rom] }],
  })
  expect(why(profile('pump', [rom]), profile('winch', [{ ...rom, pid: 'df12' }]), smp)).toEqual([])
  expect(why(profile('pump', [rom]), profile('pump', [rom]))).toEqual([])
})

test('every simulated machine can be told from the others', () => {
  const all = [...Object.values(SIM_PROFILES), thruster.profile, PUMP_PROFILE]
  expect(lintProfiles(all.map((input) => Profile.parse(input)))).toEqual([])
})
