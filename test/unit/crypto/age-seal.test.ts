import { Decrypter, Encrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import {
  ageOpener,
  ageSealer,
  generateAgeIdentity,
  isAgeRecipient,
  readAgeIdentities,
} from '../../../electron/host/crypto/age-seal.ts'
import { packWrapKeys } from '../../../electron/host/crypto/age-seal-stock.ts'
import {
  ageRecipientKey,
  ageX25519Recipient,
  exchangesLikeNoble,
  nobleAgeX25519,
  nodeAgeX25519,
  wrapKeys,
} from '../../../electron/host/crypto/age-seal-x25519.ts'

const text = new TextEncoder()
const plain = text.encode('boom parked, 14:03')

async function* pieces(bytes: Uint8Array, size: number) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts)
}

test('each recipient opens what was sealed to several, and nobody else does', async () => {
  const [ada, bob, eve] = await Promise.all([generateAgeIdentity(), generateAgeIdentity(), generateAgeIdentity()])
  const sealed = await ageSealer([ada.recipient, bob.recipient]).seal(plain)
  expect(await ageOpener([ada.identity]).open(sealed)).toEqual(plain)
  expect(await ageOpener([eve.identity, bob.identity]).open(sealed)).toEqual(plain)
  expect(await ageOpener([eve.identity]).open(sealed)).toBeNull()
})

test('any changed byte keeps a sealed file from opening', async () => {
  const ada = await generateAgeIdentity()
  const sealed = await ageSealer([ada.recipient]).seal(plain)
  const opener = ageOpener([ada.identity])
  for (let i = 0; i < sealed.length; i += 1) {
    const changed = sealed.slice()
    changed[i] = (changed[i] ?? 0) ^ 0x01
    expect(await opener.open(changed), `byte ${i}`).toBeNull()
  }
  expect(await opener.open(sealed.subarray(0, -1))).toBeNull()
  expect(await opener.open(new Uint8Array())).toBeNull()
})

test('streams of any chunking round-trip, and a stream that was cut throws at its end', async () => {
  const ada = await generateAgeIdentity()
  const big = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31) & 0xff))
  const sealed = await collect(ageSealer([ada.recipient]).sealStream(pieces(big, 7001)))
  const opener = ageOpener([ada.identity])
  expect((await collect(opener.openStream(pieces(sealed, 4093)))).equals(big)).toBe(true)
  await expect(collect(opener.openStream(pieces(sealed.subarray(0, -5), 4093)))).rejects.toThrow(/tag/)
})

test.each([
  ['node', nodeAgeX25519],
  ['noble', nobleAgeX25519],
])('the %s exchange agrees with the library in both directions', async (_, exchange) => {
  expect(exchangesLikeNoble(exchange)).toBe(true)
  const ada = await generateAgeIdentity()
  const encrypter = new Encrypter()
  encrypter.addRecipient(ageX25519Recipient(wrapKeys(ageRecipientKey(ada.recipient)!, exchange)))
  const decrypter = new Decrypter()
  decrypter.addIdentity(ada.identity)
  expect(await decrypter.decrypt(await encrypter.encrypt(plain))).toEqual(plain)

  const library = new Encrypter()
  library.addRecipient(ada.recipient)
  expect(await ageOpener([ada.identity]).open(await library.encrypt(plain))).toEqual(plain)
})

test('an exchange that answers wrongly is not used', () => {
  const wrong: typeof nodeAgeX25519 = (recipient) => () => ({
    ...nodeAgeX25519(recipient)(),
    secret: new Uint8Array(32),
  })
  expect(exchangesLikeNoble(wrong)).toBe(false)
})

test('keys from a stock are used once each, and sealing goes on when the stock fails or is short', async () => {
  const [ada, bob] = [await generateAgeIdentity(), await generateAgeIdentity()]
  const asked: number[] = []
  let fail = false
  const sealer = ageSealer([ada.recipient, bob.recipient], (recipient, count) => {
    asked.push(count)
    return fail ? Promise.reject(new Error('no thread')) : Promise.resolve(packWrapKeys(recipient, Math.min(count, 6)))
  })
  const shares = new Set<string>()
  for (let i = 0; i < 90; i += 1) {
    expect(asked.length > 0).toBe(i > 32)
    fail = i > 70
    const sealed = await sealer.seal(plain)
    const header = Buffer.from(sealed).toString('latin1')
    for (const [, share] of header.matchAll(/-> X25519 (\S+)/g)) shares.add(share ?? '')
    expect(await ageOpener([i % 2 === 0 ? ada.identity : bob.identity]).open(sealed)).toEqual(plain)
  }
  expect(shares.size).toBe(180)
  expect(asked.length).toBeGreaterThan(2)
})

test('recipients are checked by their check sum, not by their looks', async () => {
  const { recipient, identity } = await generateAgeIdentity()
  const typo = recipient.slice(0, -1) + (recipient.endsWith('q') ? 'p' : 'q')
  expect([recipient, typo, recipient.toUpperCase(), identity, '', 'age1'].map(isAgeRecipient)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ])
  expect(() => ageSealer([recipient, typo])).toThrow(expect.objectContaining({ code: 'audit.no-recipients' }))
  expect(() => ageSealer([])).toThrow(expect.objectContaining({ code: 'audit.no-recipients' }))
})

test('an identity file is read as age-keygen writes it, and a bad identity is not repeated in the error', async () => {
  const { identity, recipient } = await generateAgeIdentity()
  const file = `# created: 2026-11-20T10:00:00Z\r\n# public key: ${recipient}\r\n${identity}\r\n\n`
  expect(readAgeIdentities(file)).toEqual([identity])
  const refused = () => ageOpener([`${identity}X`])
  expect(refused).toThrow(expect.objectContaining({ code: 'file.unreadable', detail: { what: 'age-identity' } }))
  expect(refused).not.toThrow(new RegExp(identity))
})
