import { describe, expect, it } from 'vitest'
import { batteryTrouble, eligible, type Offer } from '../../../electron/host/run/eligibility.ts'
import { contradiction, imagesFor, type PlannedImage } from '../../../electron/host/run/images.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import type { DeviceStatus } from '../../../shared/model/device.ts'
import type { PlanInput } from '../../../shared/model/plan.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'
import { runImage } from '../../fixtures/run-machine.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const site = { format: 'slipway.site/1' as const, id: 'quay-4', title: 'Quay 4', zone: 'Europe/Oslo', devices: [] }
const identity = { type: 'acme-crane', serial: 'CR-0007', hardware: 'r2' }
const running = (version: string | null, slots: DeviceStatus['slots'] = []): DeviceStatus => ({
  mode: 'application',
  versions: { app: version },
  slots,
})
const image: PlannedImage = {
  component: 'app',
  index: 0,
  target: 'artifacts/crane-2.5.0.bin',
  version: '2.5.0',
  length: 10,
  sha256: 'a'.repeat(64),
  permanent: false,
}
const trouble = (code: ErrorCode) => new AppError(code).toData()

function offer(change: Partial<Offer> = {}, plan: Partial<PlanInput> = {}): Offer {
  return {
    plan: cranePlan(plan),
    device: { key: 'acme-crane:CR-0007', identity, presence: 'present', status: running('2.4.1'), claim: null },
    profile: craneProfile(),
    images: [image],
    site,
    now: NOW,
    trust: null,
    operator: null,
    artifact: null,
    firstInOrder: [],
    battery: null,
    ...change,
  }
}
const reason = (...of: Parameters<typeof offer>) => eligible(offer(...of)).reason?.code
const on = (status: DeviceStatus | null) => ({ device: { ...offer().device, status } })

it('all four proofs, and what would change', () => {
  expect(eligible(offer())).toMatchObject({ reason: null, change: { app: { from: '2.4.1', to: '2.5.0' } } })
  expect(eligible(offer()).proofs.map(({ proof, ok }) => [proof, ok])).toEqual([
    ['device', true],
    ['plan', true],
    ['operator', true],
    ['artifact', true],
  ])
})

describe('the plan', () => {
  const scope = { sites: ['*'], deviceTypes: ['acme-crane'], from: { app: '>=2.3.0 <2.5.0' } }
  it.each<[ErrorCode, Partial<Offer>, Partial<PlanInput>]>([
    ['plan.wrong-type', {}, { scope: { ...scope, deviceTypes: ['acme-winch'] } }],
    ['plan.wrong-site', {}, { scope: { ...scope, sites: ['quay-5'] } }],
    ['plan.wrong-site', { site: null }, { scope: { ...scope, sites: ['quay-4'] } }],
    ['plan.wrong-serial', {}, { scope: { ...scope, serials: ['CR-0008'] } }],
    ['plan.wrong-version', on(running('2.2.0')), {}],
    ['plan.wrong-version', on(running(null)), {}],
    ['plan.wrong-version', on(null), {}],
    ['plan.wrong-version', on(running('2.6.0')), {}],
    ['plan.not-needed', on(running('2.5.0')), {}],
    ['plan.not-yet', { now: Date.parse('2026-10-31T23:59:59Z') }, {}],
    ['plan.expired', { now: Date.parse('2027-02-01T00:00:00Z') }, {}],
    ['plan.outside-window', {}, { window: { from: '20:00', to: '22:00', zone: 'site' } }],
    ['plan.order', { firstInOrder: ['Gateway 1'] }, {}],
    ['trust.offline-too-long', { trust: trouble('trust.offline-too-long') }, {}],
  ])('%s', (code, change, plan) => {
    expect(reason(change, plan)).toBe(code)
  })

  it('a device that only its boot loader speaks for is covered where the plan means to bring such a one back', () => {
    const stuck = on({ ...running(null), mode: 'bootloader' })
    expect(eligible(offer(stuck)).reason).toMatchObject({
      code: 'plan.version-unknown',
      detail: { component: 'app', wanted: '>=2.3.0 <2.5.0' },
    })
    const recovers = { scope: { ...scope, recovery: true } }
    expect(reason(stuck, recovers)).toBeUndefined()
    expect(reason(stuck, { scope: { ...scope, from: {} } })).toBeUndefined()
    // An application that keeps its version to itself is no such device, and a version that is known counts.
    expect(reason(on(running(null)), recovers)).toBe('plan.wrong-version')
    expect(reason(on({ ...running('2.2.0'), mode: 'bootloader' }), recovers)).toBe('plan.wrong-version')
  })

  it('build numbers do not move a version out of its range, a pre-release does', () => {
    expect(reason(on(running('2.4.1+17')))).toBeUndefined()
    expect(reason(on(running('2.4.1.17')))).toBeUndefined()
    expect(reason(on(running('2.4.2-rc.1')))).toBe('plan.wrong-version')
  })

  it('the new version on trial still needs the plan', () => {
    const slot = {
      component: 'app',
      name: 'a',
      version: '2.5.0',
      hash: null,
      active: true,
      pending: false,
      permanent: false,
    }
    expect(reason(on(running('2.5.0', [{ ...slot, confirmed: false }])))).toBeUndefined()
    expect(reason(on(running('2.5.0', [{ ...slot, confirmed: true }])))).toBe('plan.not-needed')
  })

  it('is good up to its last second', () => {
    expect(reason({ now: Date.parse('2027-01-31T23:59:59Z') })).toBeUndefined()
    expect(reason({ now: Date.parse('2026-11-01T00:00:00Z') })).toBeUndefined()
  })
})

describe('the others', () => {
  const present = offer().device
  it.each<[ErrorCode, Partial<Offer>]>([
    ['device.gone', { device: { ...present, presence: 'absent' } }],
    ['device.gone', { device: { ...present, presence: 'silent' } }],
    ['device.duplicate', { device: { ...present, presence: 'duplicate' } }],
    ['device.no-profile', { profile: null }],
    ['people.lease-ended', { operator: trouble('people.lease-ended') }],
    ['artifact.missing', { artifact: trouble('artifact.missing') }],
    ['device.incompatible', { images: trouble('device.incompatible') }],
    ['run.console-battery', { battery: trouble('run.console-battery') }],
  ])('%s', (code, change) => {
    expect(reason(change)).toBe(code)
  })
})

describe('the laptop’s battery', () => {
  const plan = cranePlan({ limits: { minConsoleBattery: 30 } })
  it.each([
    [30, false, true],
    [29, true, false],
    [null, true, true],
    [null, false, false],
    [null, null, false],
  ])('%s %%, on mains %s: %s', (battery, onMains, enough) => {
    expect(batteryTrouble(plan, { battery, onMains }) === null).toBe(enough)
  })

  it('does not matter to a plan that sets no limit', () => {
    expect(batteryTrouble(cranePlan(), { battery: null, onMains: null })).toBeNull()
  })
})

describe('images', () => {
  const slipway = {
    kind: 'mcuboot',
    component: 'app',
    version: '2.5.0',
    deviceTypes: ['acme-crane'],
    hardware: ['r1', 'r2'],
  }
  const target =
    (change: object | null = {}) =>
    () =>
      change === null
        ? null
        : {
            path: 'x',
            length: 10,
            sha256: 'a'.repeat(64),
            custom: { slipway: { ...slipway, ...change } },
            role: 'artifacts',
            chain: [],
          }
  const images = (change?: object | null, plan = cranePlan(), who = identity) =>
    imagesFor(plan, who, craneProfile(), target(change))

  it('are those signed for the type', () => {
    expect(images()).toEqual([{ ...image, target: 'artifacts/crane-2.5.0.bin' }])
  })

  it.each<[ErrorCode, object | null]>([
    ['trust.unknown-target', null],
    ['artifact.wrong-type', { kind: 'mystery' }],
    ['plan.wrong-type', { deviceTypes: ['acme-winch'] }],
    ['plan.invalid', { component: 'radio' }],
    ['artifact.version-mismatch', { version: '2.5.1' }],
    ['device.incompatible', { hardware: ['r9'] }],
  ])('%s', (code, change) => {
    expect(images(change)).toMatchObject({ code })
  })

  it('for named hardware need a device that says which it is', () => {
    expect(images({}, cranePlan(), { ...identity, hardware: null as unknown as string })).toMatchObject({
      code: 'device.incompatible',
    })
  })

  it('two for one component contradict each other', () => {
    const { artifacts } = cranePlan()
    expect(images({}, cranePlan({ artifacts: [...artifacts, ...artifacts] }))).toMatchObject({ code: 'plan.invalid' })
  })
})

describe('what the bytes say', () => {
  const signers = [{ id: 'acme', algorithm: 'ed25519' as const, pem: 'x' }]
  const { facts } = runImage()
  const against = (change: Partial<typeof facts>, profile = craneProfile()) =>
    contradiction(image, { ...facts, ...change }, profile, identity)?.code

  it('fits', () => {
    expect(against({})).toBeUndefined()
    expect(against({ signature: 'none' })).toBeUndefined()
    expect(against({ signature: 'good' }, craneProfile({ signers }))).toBeUndefined()
  })

  it.each(['trial', 'permanent'] as const)(
    'orders the boot loader (%s): only a plan that says permanent may',
    (trailer) => {
      expect(against({ trailer })).toBe('artifact.padded')
      const forGood = { ...image, permanent: true }
      expect(contradiction(forGood, { ...facts, trailer }, craneProfile(), identity)).toBeNull()
    },
  )

  it.each(['swu', 'mender', 'rauc', 'dfuse', 'intel-hex', 'raw'] as const)(
    'is %s, which no driver of the type takes',
    (kind) => {
      expect(against({ kind })).toBe('artifact.wrong-type')
    },
  )

  it.each<[ErrorCode, Partial<typeof facts>]>([
    ['artifact.version-mismatch', { version: '2.5.1' }],
    ['device.incompatible', { hardware: ['r9'] }],
    ['artifact.bad-signature', { signature: 'bad' }],
    ['artifact.unsigned', { signature: 'none' }],
    ['artifact.bad-signature', { signature: 'unknown-signer' }],
    ['artifact.bad-signature', { signature: 'not-checked' }],
  ])('%s', (code, change) => {
    expect(against(change, craneProfile({ signers }))).toBe(code)
  })
})
