import { expect, it } from 'vitest'
import { documentSteps, readDocument } from '../../../electron/host/trust/documents.ts'
import { AppError } from '../../../shared/errors.ts'

const site = (devices: readonly unknown[]) =>
  Buffer.from(JSON.stringify({ format: 'slipway.site/1', id: 'fleet', title: 'Fleet', zone: 'Europe/Oslo', devices }))
const crane = (n: number) => ({ name: `Crane ${n}`, type: 'acme-crane', serial: `CR-${n}` })
const cranes = (count: number) => Array.from({ length: count }, (_, n) => crane(n))

function refusal(devices: readonly unknown[]): AppError['detail'] {
  try {
    readDocument('sites', 'sites/fleet.json', site(devices))
  } catch (error) {
    if (error instanceof AppError) return error.detail
  }
  throw new Error('it was read')
}

it('a long site is read in steps, and says the same as a short one', () => {
  const steps = documentSteps('sites', 'sites/fleet.json', site(cranes(5000)))
  let count = 0
  let next = steps.next()
  for (; !next.done; next = steps.next()) count += 1
  expect(count).toBeGreaterThan(20)
  expect(next.value.devices.length).toBe(5000)
  expect(next.value.devices[4999]).toEqual({ ...crane(4999), wanted: {}, addresses: [] })
})

it('a device that is no good is named by its place in the whole list', () => {
  expect(refusal([...cranes(1500), { ...crane(1500), serial: '' }])).toMatchObject({ at: 'devices.1500.serial' })
  expect(refusal([...cranes(3), { ...crane(3), serial: '' }])).toMatchObject({ at: 'devices.3.serial' })
})

it('a list beyond all measure is refused before its devices are read', () => {
  const endless = Array.from({ length: 50_001 }, () => 0)
  expect(refusal(endless)).toMatchObject({ at: 'devices' })
})
