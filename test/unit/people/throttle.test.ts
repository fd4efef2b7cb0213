import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { operatorId } from '../../../electron/host/people/operator-id.ts'
import { checkPassphrase } from '../../../electron/host/people/passphrase-rule.ts'
import { waitAfter, waitLeft } from '../../../electron/host/people/throttle.ts'
import { Slug } from '../../../shared/model/text.ts'

test('a few slips cost nothing, then the wait doubles, and it never grows beyond five minutes', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(waitAfter)).toEqual([0, 0, 0, 0, 2000, 4000, 8000, 16_000])
  expect([20, 1000, 1e9].map(waitAfter)).toEqual([300_000, 300_000, 300_000])
})

test('the wait runs down with time, and setting the clock neither shortens nor endlessly prolongs it', () => {
  const persisted = { failures: 5, failedAt: 100_000, failedMono: null }
  expect(waitLeft(persisted, 100_000, 0)).toBe(4000)
  expect(waitLeft(persisted, 103_000, 0)).toBe(1000)
  expect(waitLeft(persisted, 104_000, 0)).toBe(0)
  // The clock was set back by a year.
  expect(waitLeft(persisted, 0, 0)).toBe(4000)
  // While the process lives, its own clock counts: setting the wall clock forward does not help.
  expect(waitLeft({ ...persisted, failedMono: 50 }, 10_000_000, 1050)).toBe(3000)
  expect(waitLeft({ failures: 0, failedAt: null, failedMono: null }, 5, 5)).toBe(0)
})

test.each([
  'short',
  'xK9#mQ2$vL5',
  'aaaaaaaaaaaaaaaa',
  'abababababababab',
  'abcdefghijklmnop',
  '987654321098',
  'Ada Lovelace 1',
  '',
])('%s is too easy to guess', (text) => {
  expect(() => checkPassphrase(text, 'Ada Lovelace')).toThrow(
    expect.objectContaining({ code: 'people.weak-passphrase', detail: { min: 12 } }),
  )
})

test.each(['four words that do', 'Gdańsk-Ålesund-42', 'красный трактор едет', 'xK9#mQ2$vL5&'])(
  '%s is good enough',
  (text) => {
    expect(() => checkPassphrase(text, 'Ada Lovelace')).not.toThrow()
  },
)

test('an operator’s id is readable, a slug for any name, and different for different keys', () => {
  const key = new Uint8Array(32)
  expect(operatorId('Ada Lovelace', key)).toMatch(/^ada-lovelace-[0-9a-f]{6}$/)
  expect(operatorId('Åse Ødegård', key)).toMatch(/^ase-degard-[0-9a-f]{6}$/)
  expect(operatorId('Иван', key)).toMatch(/^operator-[0-9a-f]{6}$/)
  expect(operatorId('Ada Lovelace', new Uint8Array(32).fill(1))).not.toBe(operatorId('Ada Lovelace', key))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (name) => {
      expect(Slug.safeParse(operatorId(name, key)).success).toBe(true)
    }),
  )
})
