import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteArgv } from '../../../electron/host/link/ssh-quote.ts'

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~= \t\n\r%-_aZ0é'.split('')) }),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
)

test('every argument arrives at the program as it stands, whatever the shell makes of its letters', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (argv) => {
      const line = quoteArgv(['printf', '%s\\0', ...argv])
      expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(argv.map((one) => `${one}\0`).join(''))
    }),
    { numRuns: 60 },
  )
})

test('what needs no quotes has none: the log of the device stays readable', () => {
  expect(quoteArgv(['rauc', 'install', '/var/tmp/crane-2.5.0.raucb'])).toBe('rauc install /var/tmp/crane-2.5.0.raucb')
  expect(quoteArgv(['echo', '', "it's; reboot"])).toBe(`echo '' 'it'\\''s; reboot'`)
})
