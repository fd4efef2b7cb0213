import { beforeEach, expect, test } from 'vitest'
import { sha256 } from '../../../electron/host/crypto/hash.ts'
import type { SmpBody } from '../../../electron/host/protocol/smp/body.ts'
import { makeFirmware } from '../../../electron/sim/artifacts/demo.ts'
import { NO_FAULTS } from '../../../electron/sim/faults.ts'
import { crane } from '../../../electron/sim/machines/crane.ts'
import { payload } from '../../../electron/sim/smp/answer.ts'
import { SmpDevice, type SmpDeviceConfig } from '../../../electron/sim/smp/device.ts'
import { imageInfo } from '../../../electron/sim/smp/image-pair.ts'

/** The simulated device against the facts of the protocol sheet, request by request. */
const old = makeFirmware({ type: 'acme-crane', version: '1.0.0', size: 2000 })
const next = makeFirmware({ type: 'acme-crane', version: '2.0.0', size: 2000 })
const hash = Buffer.from(imageInfo(next)?.hash ?? '', 'hex')
const sha = sha256(next)

let now = 0
let device: SmpDevice
const start = (config: Partial<SmpDeviceConfig> = {}) =>
  new SmpDevice(
    {
      machine: crane,
      serial: 'S',
      hardware: 'h',
      slotSize: 10_000,
      eraseMs: 5,
      align: 8,
      resumes: true,
      bufSize: 512,
      bufCount: 2,
      onlyVersion1: false,
      hasParams: true,
      ...config,
    },
    { pairs: [{ primary: old, secondary: new Uint8Array(), mark: 'none', trial: false }], signals: crane.signals },
    NO_FAULTS,
    () => now,
  )
beforeEach(() => {
  now = 0
  device = start()
})

const ask = (group: number, id: number, body: SmpBody = {}, op: 0 | 2 = 2, version: 1 | 2 = 2) => {
  const answer = device.handle({ version, op, group, seq: 0, id, body })
  return answer && payload(answer, version)
}
const upload = (off: number, size: number, more: SmpBody = {}) =>
  ask(1, 1, { off, data: next.subarray(off, off + size), ...(off === 0 && { len: next.length, sha }), ...more })
const uploadAll = () => {
  let off = 0
  while (off < next.length) off = Number(upload(off, 400)?.off)
}

test('an upload goes on from the offset that the device asks for, whatever is sent', () => {
  expect(upload(0, 400)).toEqual({ off: 400 })
  expect(upload(800, 400)).toEqual({ off: 400 })
  expect(upload(400, 405)).toEqual({ off: 800 })
  expect(upload(400, 400)).toEqual({ off: 800 })
})

test('chunk 0 with the same hash resumes; without it, or with another, it starts over', () => {
  upload(0, 400)
  upload(400, 400)
  expect(upload(0, 400)).toEqual({ off: 800 })
  expect(upload(0, 400, { sha: new Uint8Array(32) })).toEqual({ off: 400 })
  expect(upload(0, 400, { sha: undefined })).toEqual({ off: 400 })
})

test('the last reply carries the match, and after it there is no session', () => {
  upload(0, 400)
  for (let off = 400; off < 1600; off += 400) upload(off, 400)
  expect(upload(1600, 10_000)).toEqual({ off: next.length, match: true })
  expect(upload(1600, 400)).toEqual({ off: 0 })
})

test('power that fails takes the session and leaves the flash', () => {
  upload(0, 400)
  device.boot()
  expect(upload(400, 400)).toEqual({ off: 0 })
  expect(device.images.pairs[0]?.secondary.length).toBe(400)
})

test.each([
  ['no offset', { off: undefined }, { group: 1, rc: 20 }, 3],
  ['no length', { len: undefined }, { group: 1, rc: 21 }, 3],
  ['less than a header', { data: next.subarray(0, 31) }, { group: 1, rc: 22 }, 3],
  ['no image', { data: new Uint8Array(40) }, { group: 1, rc: 23 }, 3],
  ['too large', { len: 10_001 }, { group: 1, rc: 30 }, 3],
  ['no such image', { image: 3 }, { group: 1, rc: 9 }, 5],
])('chunk 0 with %s', (_, change, err, rc) => {
  const body = { off: 0, len: next.length, sha, data: next.subarray(0, 400), ...change }
  expect(ask(1, 1, body, 2, 2)).toEqual({ err })
  expect(ask(1, 1, body, 2, 1)).toEqual({ rc })
})

test('a slot that a start or a fall-back needs is neither written nor erased', () => {
  uploadAll()
  expect(ask(1, 0, { hash, confirm: false })?.images).toHaveLength(2)
  expect(upload(0, 400)).toEqual({ err: { group: 1, rc: 9 } })
  expect(ask(1, 5)).toEqual({ err: { group: 1, rc: 28 } })
  device.boot()
  expect(device.view.version).toBe('2.0.0')
  expect(upload(0, 400)).toEqual({ err: { group: 1, rc: 9 } })
  expect(ask(1, 0, { confirm: true })).toMatchObject({ images: [{ slot: 0, confirmed: true, active: true }, {}] })
  expect(ask(1, 5)).toEqual({})
})

test('a hash that nobody holds, and the running image, cannot be tested', () => {
  expect(ask(1, 0, { hash: Buffer.alloc(32), confirm: false })).toEqual({ err: { group: 1, rc: 8 } })
  const running = Buffer.from(imageInfo(old)?.hash ?? '', 'hex')
  expect(ask(1, 0, { hash: running, confirm: false })).toEqual({ err: { group: 1, rc: 33 } })
})

test('an old MCUboot drops what has version bits, without a word', () => {
  device = start({ onlyVersion1: true })
  expect(ask(0, 6, {}, 0, 2)).toBeNull()
  expect(ask(0, 6, {}, 0, 1)).toEqual({ buf_size: 512, buf_count: 2 })
})

test('unknown groups and commands are refused as not supported', () => {
  expect(ask(42, 0)).toEqual({ rc: 8 })
  expect(ask(0, 99)).toEqual({ rc: 8 })
})

test('the application answers by its surroundings', () => {
  expect(ask(9, 0, { argv: ['boom'] })).toEqual({ o: 'cradle=closed S4=closed', ret: 0 })
  device.signals = { ...device.signals, 'boom.parked': false }
  expect(ask(9, 0, { argv: ['boom'] })).toEqual({ o: 'cradle=open S4=closed', ret: 0 })
  expect(ask(9, 0, { argv: ['rm'] })).toMatchObject({ ret: -8 })
  expect(ask(2, 0, { name: 'power' }, 0)).toEqual({ name: 'power', fields: { battery_pct: 87 } })
  expect(ask(2, 0, { name: 'none' }, 0)).toEqual({ err: { group: 2, rc: 2 } })
})

test('a self-test runs a while after each start, and ends as the image says', () => {
  expect(ask(9, 0, { argv: ['selftest'] })).toMatchObject({ o: 'running' })
  now = 1000
  expect(ask(9, 0, { argv: ['selftest'] })).toMatchObject({ o: 'pass' })
  device.boot()
  expect(ask(9, 0, { argv: ['selftest'] })).toMatchObject({ o: 'running' })
})
