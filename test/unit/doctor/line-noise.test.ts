import { assert, property, string, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { lineNoise } from '../../../electron/host/device/doctor/line-noise.ts'
import { encodeConsole } from '../../../electron/host/protocol/smp/console-framing.ts'

const text = (words: string) => new TextEncoder().encode(words)

test('consoles, colours, other alphabets and SMP frames are no garbage', () => {
  assert(
    property(string({ unit: 'binary' }), (words) => {
      const plain = words.replaceAll(/[\p{Cc}\p{Cs}\ufffd]/gu, ' ')
      return lineNoise(text(plain)).garbage === 0
    }),
  )
  assert(
    property(uint8Array({ minLength: 8, maxLength: 200 }), (packet) => lineNoise(encodeConsole(packet)).garbage === 0),
  )
  expect(lineNoise(text('\u001b[1;32muart:~$ \u001b[m')).garbage).toBe(0)
})

test('what is shown of a line is its end, and does nothing', () => {
  expect(lineNoise(text('\u001b[1;32muart:~$ \u001b[m\u0007\u202eok\r\n')).text).toBe('uart:~$ ok')
  expect(lineNoise(text(`${'a'.repeat(200)}end`)).text).toMatch(/^a{77}end$/)
  assert(property(uint8Array({ maxLength: 512 }), (bytes) => /^[^\p{Cc}]{0,80}$/u.test(lineNoise(bytes).text)))
})

test('bytes out of step are garbage', () => {
  expect(lineNoise(Uint8Array.of(0x80, 0xfe, 0x00, 0xe6)).garbage).toBe(1)
  expect(lineNoise(new Uint8Array())).toEqual({ bytes: 0, garbage: 0, text: '' })
})
