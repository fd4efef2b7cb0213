import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairOf, parseStatus } from '../../../electron/host/protocol/rauc/status.ts'
import { isAppError } from '../../../shared/errors.ts'

const text = fc.option(fc.string({ maxLength: 12 }), { nil: null })
const slot = fc.record(
  {
    class: fc.constantFrom('rootfs', 'appfs'),
    bootname: text,
    state: fc.constantFrom('booted', 'active', 'inactive'),
    boot_status: fc.constantFrom('good', 'bad', null),
    slot_status: fc.option(
      fc.record({ bundle: fc.record({ version: fc.string() }), status: fc.constantFrom('ok', 'pending') }),
      { nil: null },
    ),
  },
  { requiredKeys: ['class', 'state'] },
)
const status = fc.record({
  compatible: fc.string(),
  booted: text,
  boot_primary: text,
  slots: fc.array(
    fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), slot).map(([name, facts]) => ({ [`s${name}`]: facts })),
    { maxLength: 6 },
  ),
})

test('what RAUC writes is understood, and the one that runs is never its own spare', () => {
  fc.assert(
    fc.property(status, (written) => {
      const parsed = parseStatus(JSON.stringify(written))
      const { booted, other } = pairOf(parsed, 'rootfs')
      expect(other === null || (booted !== null && other !== booted && !other.isBooted)).toBe(true)
      for (const { version } of parsed.slots) expect(version === null || typeof version === 'string').toBe(true)
    }),
  )
})

test('any other bytes are a coded error', () => {
  const bent = fc.tuple(status, fc.nat(), fc.string({ maxLength: 3 })).map(([written, at, junk]) => {
    const json = JSON.stringify(written)
    return json.slice(0, at % json.length) + junk + json.slice((at % json.length) + 1)
  })
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), bent), (said) => {
      try {
        parseStatus(said)
        return true
      } catch (error) {
        return isAppError(error, 'device.bad-frame')
      }
    }),
  )
})
