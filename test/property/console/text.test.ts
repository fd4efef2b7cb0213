import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerTo, consoleText, promptAtEnd, showedPrompt } from '../../../electron/host/protocol/console/text.ts'

const PROMPTS = ['=> ', 'pump> ']
const ESCAPES = ['\u001b[0m', '\u001b[1;32m', '\u001b[2K', '\u001b]0;title\u0007', '\r', '\u0000', '\b']

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc
    .array(fc.constantFrom(...ESCAPES, '=> ', '==> ', 'crc32 0x1 0x2', 'a', '\n', '\u001b', '\u001b['), {
      maxLength: 60,
    })
    .map((parts) => parts.join('')),
)

test('whatever bytes come, what is left is text', () => {
  fc.assert(
    fc.property(anything, (raw) => {
      const text = consoleText(raw)
      expect(
        Buffer.from(text, 'latin1').every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a),
      ).toBe(true)
      expect(text.length).toBeLessThanOrEqual(raw.length)
      promptAtEnd(text, PROMPTS)
      answerTo('crc32 0x1 0x2', text, '=> ')
      showedPrompt(text, '=> ')
    }),
  )
})

const word = fc.stringMatching(/^[a-z0-9.:=> ]{1,30}$/).filter((line) => !PROMPTS.includes(line))

test('an answer is found between its echo and the prompt, however the console paints it', () => {
  const painted = (text: string, paint: readonly string[]) =>
    text
      .split('')
      .flatMap((letter, at) => [letter, ...(paint[at] ? [paint[at]] : [])])
      .join('')
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z]{2,8}( 0x[0-9]{1,4}){0,3}$/),
      fc.array(word, { maxLength: 5 }),
      fc.constantFrom(...PROMPTS),
      fc.array(fc.constantFrom('', '', '', ...ESCAPES), { maxLength: 40 }),
      (command, lines, prompt, paint) => {
        const raw = painted(`${command}\r\n${lines.map((line) => `${line}\r\n`).join('')}${prompt}`, paint)
        const text = consoleText(raw)
        expect(promptAtEnd(text, PROMPTS)).toBe(prompt)
        expect(answerTo(command, text, prompt)).toBe(lines.map((line) => `${line}\n`).join(''))
      },
    ),
  )
})

test.for([
  [
    'an echo that the console broke over two lines',
    'fatwrite 0x41000000 app',
    'fatwrite 0x410\r\n00000 app\r\nok\r\n=> ',
    'ok\n',
  ],
  ['text of something before', 'version', '[ 1.2] usb 1-1\r\nversion\r\nU-Boot\r\n=> ', 'U-Boot\n'],
  ['no echo', 'version', 'U-Boot\r\n=> ', null],
  [
    'an answer that holds the letters of a prompt',
    'crc32 1',
    'crc32 1\r\ncrc32 for 1 ==> 68245467\r\n=> ',
    'crc32 for 1 ==> 68245467\n',
  ],
] as const)('%s', ([, command, raw, answer]) => {
  expect(answerTo(command, consoleText(raw), '=> ')).toBe(answer)
})

test('a prompt counts alone on the last line only', () => {
  expect(promptAtEnd('crc32 ... ==> ', PROMPTS)).toBe(null)
  expect(promptAtEnd('=> help', PROMPTS)).toBe(null)
  expect(promptAtEnd('done\n=> ', PROMPTS)).toBe('=> ')
  expect(showedPrompt('pump> [log]\n', 'pump> ')).toBe(true)
  expect(showedPrompt('a pump> b', 'pump> ')).toBe(false)
})
