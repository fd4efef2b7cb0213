import { expect, test } from 'vitest'
import type { Identification, ReadValue } from '../../../shared/contract/finding.ts'
import { AppError } from '../../../shared/errors.ts'
import { cli } from '../../fixtures/fake-host/cli-harness.ts'
import { NETWORKS, SEARCHES } from '../../fixtures/scripted-host/finding-data.ts'

const value: ReadValue = {
  source: 'boom.parked',
  title: 'Boom parked',
  value: true,
  fault: null,
  unit: '',
  raw: 'closed',
  time: Date.UTC(2026, 10, 20, 12),
}

test('slipway device read: some sources, or all of them', async () => {
  const answers = { 'devices.read': () => [value] }
  const some = await cli(['device', 'read', 'acme-crane:CR-0007', 'boom.parked', 'version.app'], { answers })
  expect(some.calls).toContainEqual([
    'devices.read',
    { device: 'acme-crane:CR-0007', sources: ['boom.parked', 'version.app'] },
  ])
  expect(some.out).toMatch(/^SOURCE\s+VALUE/)
  expect(some.out).toMatch(/boom\.parked\s+true\s+closed/)
  const all = await cli(['--json', 'device', 'read', 'acme-crane:CR-0007'], { answers })
  expect(all.calls).toContainEqual(['devices.read', { device: 'acme-crane:CR-0007' }])
  expect(JSON.parse(all.out)).toEqual([value])
})

test('slipway devices identify tells who answers, or what was tried in vain', async () => {
  const attempts = [{ type: 'acme-crane', typeTitle: 'Crane controller', driver: 'smp', reason: null }]
  const found: Identification = {
    address: 'serial:/dev/ttyUSB0',
    state: 'device',
    device: 'acme-crane:CR-0007',
    identity: { type: 'acme-crane', serial: 'CR-0007', hardware: null },
    typeTitle: 'Crane controller',
    driver: 'smp',
    known: false,
    reason: null,
    attempts,
  }
  const crane = await cli(['devices', 'identify', 'serial:/dev/ttyUSB0'], {
    answers: { 'devices.identify': () => found },
  })
  expect(crane.code).toBe(0)
  expect(crane.out).toMatch(/Device\s+acme-crane:CR-0007/)
  expect(crane.out).toMatch(/Crane controller\s+smp\s+yes/)
  const reason = new AppError('device.no-answer').toData()
  const nobody: Identification = {
    ...found,
    state: 'silent',
    device: null,
    identity: null,
    typeTitle: null,
    driver: null,
    reason,
    attempts: [{ type: 'acme-crane', typeTitle: 'Crane controller', driver: 'smp', reason }],
  }
  const silence = await cli(['devices', 'identify', 'serial:/dev/ttyUSB0'], {
    answers: { 'devices.identify': () => nobody },
  })
  expect(silence.out).toMatch(/State\s+silent/)
  expect(silence.out).toMatch(/does not answer|did not answer/)
})

test('slipway search: which networks there are, and a search to its end', async () => {
  const networks = await cli(['search'], { answers: { 'devices.networks': () => NETWORKS } })
  expect(networks.out).toMatch(/10\.0\.4\.0\/24\s+eth0\s+253\s+yes/)
  const states = [SEARCHES.searching, SEARCHES.done]
  let next = 0
  const search = () => ({
    read: () => states[Math.min(next++, 1)],
    onChange: (listener: () => void) => {
      const timer = setInterval(listener, 5)
      return () => clearInterval(timer)
    },
  })
  const answers = { 'devices.startSearch': () => null, 'devices.search': search }
  const told = await cli(['search', '10.0.4.0/24'], { answers })
  expect(told.code).toBe(0)
  expect(told.calls).toContainEqual(['devices.startSearch', { network: '10.0.4.0/24' }])
  expect(told.out).toMatch(/Knocks\s+506 of 506, at most 40 a second/)
  expect(told.out).toMatch(/udp:\/\/10\.0\.4\.9:1337\s+acme-gateway:GW-0042/)
})
