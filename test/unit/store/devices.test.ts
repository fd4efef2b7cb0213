import { expect, test } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import { deviceQueries } from '../../../electron/host/store/devices.ts'

const identity = { type: 'acme-crane', serial: 'CR-1', hardware: 'rev-c' }
const key = 'acme-crane:CR-1'
const seen = { identity, address: 'serial:/dev/ttyUSB0', at: 100, by: 'ada' }

test('a device is kept by its identity, wherever it appears', () => {
  const devices = deviceQueries(Db.open(':memory:'))
  devices.saveAppeared(seen)
  devices.saveAppeared({ ...seen, address: 'serial:/dev/ttyUSB3', at: 200, by: 'bo' })
  devices.saveSeen(key, 250)
  expect(devices.known()).toEqual([
    {
      key,
      identity,
      address: 'serial:/dev/ttyUSB3',
      status: null,
      statusAt: null,
      lastSeenAt: 250,
      lastSeenBy: 'bo',
    },
  ])
})

test('the last status is kept, and one that cannot be read is none', () => {
  const db = Db.open(':memory:')
  const devices = deviceQueries(db)
  devices.saveAppeared(seen)
  const status = { mode: 'application' as const, versions: { app: '2.4.0' }, slots: [] }
  devices.saveStatus(key, status, 300)
  expect(devices.known()[0]).toMatchObject({ status, statusAt: 300 })
  db.prepare("UPDATE device SET status_json = '{'").run()
  expect(devices.known()[0]).toMatchObject({ status: null, statusAt: null })
  db.prepare("UPDATE device SET identity_json = '{}'").run()
  expect(devices.known()).toEqual([])
})

test('addresses are named once, in the order in which they were', () => {
  const devices = deviceQueries(Db.open(':memory:'))
  expect(devices.addAddress('udp://b:1', 'ada', 1)).toBe(true)
  expect(devices.addAddress('udp://a:1', 'ada', 2)).toBe(true)
  expect(devices.addAddress('udp://b:1', 'bo', 3)).toBe(false)
  expect(devices.addresses().map(({ address }) => address)).toEqual(['udp://b:1', 'udp://a:1'])
  expect([devices.removeAddress('udp://b:1'), devices.removeAddress('udp://b:1')]).toEqual([true, false])
})
