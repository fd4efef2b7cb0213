import { describe, expect, it } from 'vitest'
import { observe, snapshot } from '../../../electron/host/run/observe.ts'
import type { DeviceStatus, Slot } from '../../../shared/model/device.ts'
import { runImage } from '../../fixtures/run-machine.ts'

const slot = (change: Partial<Slot>): Slot => ({
  component: 'app',
  name: 'primary',
  version: '2.4.1',
  hash: 'AA',
  active: true,
  pending: false,
  confirmed: true,
  permanent: false,
  ...change,
})
const status = (version: string | null, ...slots: Slot[]): DeviceStatus => ({
  mode: 'application',
  versions: { app: version },
  slots,
})
const image = runImage()
const before = { app: { version: '2.4.1', hash: 'aa' } }
const see = (of: DeviceStatus, images = [image]) => observe(of, images, before)

it('remembers what ran, by version and hash', () => {
  expect(snapshot(status('2.4.1', slot({})), [image])).toEqual({ app: { version: '2.4.1', hash: 'AA' } })
  expect(snapshot(status(null), [image])).toEqual({ app: { version: null, hash: null } })
})

describe('with a hash', () => {
  it('old', () => {
    expect(see(status('2.4.1', slot({})))).toMatchObject({
      runs: 'old',
      confirmed: true,
      pending: false,
      held: false,
      lie: null,
    })
  })

  it('new on trial, with the old one ready to come back', () => {
    const of = status(
      '2.5.0',
      slot({ hash: 'bb', version: '2.5.0', confirmed: false }),
      slot({ name: 'secondary', active: false }),
    )
    expect(see(of)).toMatchObject({ runs: 'new', confirmed: false, held: true, foreign: null })
  })

  it('the new version by name and the old one by hash is a lie, and is the old one', () => {
    expect(see(status('2.5.0', slot({ version: '2.5.0' })))).toMatchObject({
      runs: 'old',
      lie: { component: 'app', said: '2.5.0', expected: '2.5.0' },
    })
  })

  it('the new one by hash under an old name is not success either', () => {
    expect(see(status('2.4.1', slot({ hash: 'bb' })))).toMatchObject({ runs: 'other', lie: { said: '2.4.1' } })
  })

  it('no hash where the family has one proves nothing', () => {
    expect(see(status('2.5.0', slot({ hash: null, version: '2.5.0' }))).runs).toBe('not-known')
  })

  it('our image waiting, and somebody else’s', () => {
    const waiting = (hash: string) =>
      status('2.4.1', slot({}), slot({ active: false, pending: true, hash, version: '3.0.0' }))
    expect(see(waiting('bb'))).toMatchObject({ pending: true, held: true, foreign: null })
    expect(see(waiting('cc'))).toMatchObject({ pending: false, foreign: { component: 'app', version: '3.0.0' } })
  })

  it('somebody else’s image on trial', () => {
    expect(see(status('2.4.9', slot({ hash: 'cc', version: '2.4.9', confirmed: false }))).foreign).toEqual({
      component: 'app',
      version: '2.4.9',
    })
  })
})

describe('without a hash', () => {
  const plain = runImage({ facts: { ...image.facts, deviceHash: null } })

  it('the version string is all there is', () => {
    expect(see(status('2.5.0'), [plain])).toMatchObject({ runs: 'new', confirmed: null, held: null })
    expect(see(status('2.4.1'), [plain]).runs).toBe('old')
    expect(see(status('2.4.2'), [plain]).runs).toBe('other')
    expect(see(status(null), [plain]).runs).toBe('not-known')
  })
})

describe('several components', () => {
  const images = [
    runImage({ facts: { ...image.facts, deviceHash: null } }),
    runImage({ component: 'radio', version: '7.0.0', facts: { ...image.facts, deviceHash: null } }),
  ]
  const had = { app: { version: '2.4.1', hash: null }, radio: { version: '6.0.0', hash: null } }
  const both = (app: string | null, radio: string | null) =>
    observe({ mode: 'application', versions: { app, radio }, slots: [] }, images, had).runs

  it.each([
    ['2.5.0', '7.0.0', 'new'],
    ['2.4.1', '6.0.0', 'old'],
    ['2.5.0', '6.0.0', 'mixed'],
    ['2.5.0', '6.5.0', 'other'],
    ['2.5.0', null, 'not-known'],
  ])('%s and %s: %s', (app, radio, runs) => {
    expect(both(app, radio)).toBe(runs)
  })
})
