import { expect, test } from 'vitest'
import { percentOf, refusalOf } from '../../../electron/host/protocol/rauc/install.ts'
import { pairOf, parseStatus } from '../../../electron/host/protocol/rauc/status.ts'

const slot = (name: string, state: string, more: object = {}) => ({
  [name]: {
    class: name.split('.')[0],
    device: '/dev/x',
    type: 'raw',
    bootname: null,
    state,
    boot_status: null,
    ...more,
  },
})
const status = (...slots: object[]) =>
  JSON.stringify({ compatible: 'board-a', variant: '', booted: 'A', boot_primary: 'rootfs.0', slots })
const bundle = (version: string, state = 'ok') => ({ slot_status: { bundle: { version }, status: state } })

test('two slots of the class: one runs, the other one is the spare', () => {
  const parsed = parseStatus(
    status(
      slot('rootfs.1', 'inactive', { bootname: 'B', boot_status: 'bad', ...bundle('1.1.0') }),
      slot('appfs.0', 'active', { parent: 'rootfs.0' }),
      slot('rootfs.0', 'booted', { bootname: 'A', boot_status: 'good', ...bundle('1.0.0') }),
    ),
  )
  expect(parsed).toMatchObject({ compatible: 'board-a', primary: 'rootfs.0' })
  expect(pairOf(parsed, 'rootfs')).toMatchObject({
    booted: { name: 'rootfs.0', bootName: 'A', isGood: true, version: '1.0.0' },
    other: { name: 'rootfs.1', bootName: 'B', isGood: false, version: '1.1.0' },
  })
})

test('which slot is meant is never guessed', () => {
  const three = parseStatus(
    status(slot('rootfs.0', 'booted'), slot('rootfs.1', 'inactive'), slot('rootfs.2', 'inactive')),
  )
  expect(pairOf(three, 'rootfs')).toMatchObject({ booted: { name: 'rootfs.0' }, other: null })
  const none = parseStatus(status(slot('rootfs.0', 'inactive'), slot('rootfs.1', 'inactive')))
  expect(pairOf(none, 'rootfs')).toEqual({ booted: null, other: null })
  const both = parseStatus(status(slot('rootfs.0', 'booted'), slot('rootfs.1', 'booted')))
  expect(pairOf(both, 'rootfs').booted).toBeNull()
})

test('a slot that is half written has no version', () => {
  const parsed = parseStatus(status(slot('rootfs.1', 'inactive', bundle('1.1.0', 'pending'))))
  expect(parsed.slots).toMatchObject([{ version: null }])
})

test.each([
  ['  0% Installing', 0],
  [' 80% Updating slots', 80],
  ['100% Installing done.', 100],
  ['installing', null],
  ['999% of it', null],
  ['8 % of it', null],
])('%s', (line, percent) => {
  expect(percentOf(line)).toBe(percent)
})

const COMPATIBLE =
  "LastError: Installation error: Compatible mismatch: Expected 'board-a' but bundle manifest has 'board-z'\nInstalling `/x` failed\n"
test.each([
  [COMPATIBLE, 'device.incompatible', { found: 'board-a', expected: 'board-z' }],
  [
    'LastError: signature verification failed: Verify error: self-signed certificate\n',
    'device.signature-rejected',
    {},
  ],
  ['Error creating proxy: Already processing a different method', 'device.busy', {}],
  ['LastError: Failed updating slot rootfs.1: No space left on device', 'device.no-space', {}],
  ['something new in RAUC 9', 'device.image-rejected', { said: 'something new in RAUC 9' }],
  ['', 'device.image-rejected', { said: '' }],
])('%j is told as %s', (said, code, detail) => {
  expect(refusalOf(said)).toMatchObject({ code, detail })
})
