import { expect, test } from 'vitest'
import {
  argon2idBackend,
  newPassphraseKdf,
  nobleArgon2id,
  nodeArgon2id,
  type PassphraseKdf,
  PassphraseKdf as PassphraseKdfSchema,
  passphraseKey,
} from '../../../electron/host/crypto/passphrase.ts'
import { openWithPassphrase, PassphraseBox, sealWithPassphrase } from '../../../electron/host/crypto/passphrase-box.ts'
import { openBox, sealBox } from '../../../electron/host/crypto/secretbox.ts'

const quick: PassphraseKdf = {
  algorithm: 'argon2id',
  memoryKiB: 8 * 1024,
  passes: 1,
  lanes: 2,
  salt: '000102030405060708090a0b0c0d0e0f',
}
const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')

test.skipIf(argon2idBackend().name === 'noble')('the run-time and the reference give the same key', async () => {
  for (const kdf of [quick, { ...quick, passes: 3, lanes: 4 }, { ...quick, memoryKiB: 9 * 1024, lanes: 1 }]) {
    expect(hex(await nodeArgon2id(bytes('parked and locked'), kdf))).toBe(
      hex(await nobleArgon2id(bytes('parked and locked'), kdf)),
    )
  }
})

test('both give the answer that the reference implementation of Argon2 publishes', async () => {
  // phc-winner-argon2, src/test.c: Argon2id v19, t=2, m=2^16, p=1, "password", "somesalt"
  const salt = Buffer.from('somesalt').toString('hex')
  const published: PassphraseKdf = { algorithm: 'argon2id', memoryKiB: 65_536, passes: 2, lanes: 1, salt }
  const answer = '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'
  expect(hex(await nobleArgon2id(bytes('password'), published))).toBe(answer)
  expect(hex(await passphraseKey('password', published))).toBe(answer)
})

test('the reference gives the event loop back while it works', async () => {
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await nobleArgon2id(bytes('x'), newPassphraseKdf())
  clearInterval(timer)
  // In one go it would be none. How many there are says more of the machine than of the code.
  expect(turns).toBeGreaterThan(3)
})

test('the same letters typed in another form are the same passphrase', async () => {
  expect(hex(await passphraseKey('Gda\u0144sk', quick))).toBe(hex(await passphraseKey('Gdan\u0301sk', quick)))
})

test('parameters that would eat the laptop are no parameters', () => {
  const bad = [{ memoryKiB: 64 * 1024 * 1024 }, { passes: 1000 }, { lanes: 200 }, { salt: 'short' }, { memoryKiB: 1 }]
  for (const change of bad) expect(PassphraseKdfSchema.safeParse({ ...quick, ...change }).success).toBe(false)
  expect(PassphraseKdfSchema.parse(newPassphraseKdf()).salt).not.toBe(newPassphraseKdf().salt)
})

test('a box opens with its passphrase and for its purpose alone', async () => {
  const box = PassphraseBox.parse(
    JSON.parse(JSON.stringify(await sealWithPassphrase('right', bytes('secret'), 'operator:ada', quick))),
  )
  expect(await openWithPassphrase('right', box, 'operator:ada')).toEqual(bytes('secret'))
  expect(await openWithPassphrase('wrong', box, 'operator:ada')).toBeNull()
  expect(await openWithPassphrase('right', box, 'operator:bob')).toBeNull()
  // Fewer passes would make guessing cheaper; they are part of what is authenticated.
  const weakened = { ...box, kdf: { ...box.kdf, passes: 2 } }
  expect(await openWithPassphrase('right', weakened, 'operator:ada')).toBeNull()
})

test('a secret box: any changed byte, other key or other context does not open', () => {
  const key = new Uint8Array(32).fill(7)
  const box = sealBox(key, bytes('hello'), bytes('ctx'))
  expect(openBox(key, box, bytes('ctx'))).toEqual(bytes('hello'))
  expect(openBox(key, box, bytes('other'))).toBeNull()
  expect(openBox(new Uint8Array(32), box, bytes('ctx'))).toBeNull()
  for (let i = 0; i < box.length; i += 1) {
    const changed = box.slice()
    changed[i] = (changed[i] ?? 0) ^ 0x80
    expect(openBox(key, changed, bytes('ctx')), `byte ${i}`).toBeNull()
  }
  expect(openBox(key, box.subarray(0, 20), bytes('ctx'))).toBeNull()
  expect(hex(sealBox(key, bytes('hello'), bytes('ctx')))).not.toBe(hex(box))
})
