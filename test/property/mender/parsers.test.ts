import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { downloaded, failureOf, isUnverified, parseLog } from '../../../electron/host/protocol/mender/client-log.ts'
import { holdsOneOf, parseVersion, verifyKeyPaths } from '../../../electron/host/protocol/mender/config.ts'
import { formatFacts, parseFacts, printable } from '../../../electron/host/protocol/mender/facts.ts'
import { parseLook } from '../../../electron/host/protocol/mender/job.ts'
import { readWork } from '../../../electron/host/protocol/mender/pending.ts'
import { readStore } from '../../../electron/host/protocol/mender/store.ts'
import { codedOrFine } from '../../fixtures/coded-or-fine.ts'
import { makeStore } from '../../fixtures/mender/store.ts'

const key = fc.stringMatching(/^[a-z][a-z-]{0,40}$/)
const entries = fc.uniqueArray(fc.tuple(key, fc.string({ maxLength: 6000 })), {
  maxLength: 60,
  selector: ([name]) => name,
})
const word = fc.constantFrom(4 as const, 8 as const)

test('a store is read back as it was written', () => {
  fc.assert(
    fc.property(entries, entries, word, (now, before, size) => {
      const small = now.map(([name, value], at) => [name, at % 20 === 0 ? value : value.slice(0, 60)] as const)
      const found = readStore(makeStore(small, { word: size, before: before.slice(0, 5) }))
      const texts = new Map([...found].map(([name, value]) => [name, Buffer.from(value).toString('utf8')]))
      expect(texts).toEqual(new Map(small.map(([name, value]) => [name, Buffer.from(value).toString('utf8')])))
    }),
    { numRuns: 60 },
  )
})

test('a damaged store ends in a value or a coded error, never in a hang', () => {
  const whole = makeStore([
    ['artifact-name', 'app-1'],
    ['standalone-state', '{"Version":1,"ArtifactName":"app-2"}'],
    ...Array.from({ length: 120 }, (_, at) => [`key-${String(at).padStart(3, '0')}`, 'v'] as const),
    ['long', 'x'.repeat(9000)],
  ])
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 })
  const heads = fc.array(fc.tuple(fc.nat(160), fc.nat(255)), { maxLength: 6 })
  fc.assert(
    fc.property(damage, heads, fc.nat(whole.length), (changes, inHead, length) => {
      const bytes = Uint8Array.from(whole)
      for (const [at, value] of [...changes, ...inHead]) bytes[at] = value
      expect(codedOrFine(() => readWork(bytes))).toBe(true)
      expect(codedOrFine(() => readWork(bytes.subarray(0, length)))).toBe(true)
    }),
    { numRuns: 400 },
  )
})

const said = fc.oneof(
  fc.string({ maxLength: 2000, unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.string({ maxLength: 60, unit: 'binary' }),
        fc.constantFrom(
          'time="',
          ' level=error',
          ' msg="',
          '\\',
          '"',
          '|---',
          '.....',
          '\\x1b',
          '\\u00',
          "error executing '",
          "': 1",
          'requested a retry',
          'retry time-limit exceeded',
          'Collected output (stderr) while running script ',
          '\n',
          'log=\n',
          'what=install\n',
          'code=',
          '=',
          '-----BEGIN PUBLIC KEY-----',
          '-----END PUBLIC KEY-----',
          '{"ArtifactVerifyKey":"/a"}',
        ),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
)

test('whatever the client says, an error of ours is short and shows nothing that moves a screen', () => {
  fc.assert(
    fc.property(said, (text) => {
      const entries = parseLog(text)
      expect(isUnverified(entries)).toBeTypeOf('boolean')
      const share = downloaded(text)
      expect(share >= 0 && share <= 1).toBe(true)
      for (const value of Object.values(failureOf(entries).detail)) {
        expect(String(value).length).toBeLessThanOrEqual(301)
        expect(String(value)).toBe(printable(String(value)))
      }
      expect(codedOrFine(() => parseVersion(text))).toBe(true)
      expect(codedOrFine(() => verifyKeyPaths([text, null], [3, 4]))).toBe(true)
      expect(codedOrFine(() => holdsOneOf(text, [text]))).toBe(true)
      expect(codedOrFine(() => parseLook(0, text))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('facts are read back, and none adds another', () => {
  const facts = fc.uniqueArray(fc.tuple(key, fc.string({ maxLength: 100, unit: 'binary' })), {
    selector: ([name]) => name,
  })
  fc.assert(
    fc.property(facts, (made) => {
      const found = parseFacts(formatFacts(made))
      expect([...found]).toEqual(made.map(([name, value]) => [name, printable(value).trim()]))
    }),
  )
})
