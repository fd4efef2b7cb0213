import { expect, test } from 'vitest'
import { newPassphraseKdf } from '../../../electron/host/crypto/passphrase.ts'
import { forgetKeys, lockVault, newOperatorKeys, openVault } from '../../../electron/host/people/vault.ts'
import { plainProtector } from '../../fixtures/people/people.ts'

const PASS = 'four words of a passphrase'
const kdf = { ...newPassphraseKdf(), memoryKiB: 8192, passes: 1, lanes: 1 }

test('a vault opens to the passphrase and to the operator it was made for, and to nobody else', async () => {
  const { publicKey: _, ...keys } = newOperatorKeys()
  const vault = await lockVault(keys, 'ada', PASS, plainProtector, kdf)
  expect(vault).not.toContain(Buffer.from(keys.secretKey).toString('base64').slice(0, 20))
  expect(await openVault(vault, 'ada', PASS, plainProtector)).toEqual(keys)
  expect(await openVault(vault, 'ada', `${PASS}!`, plainProtector)).toBeNull()
  // A row that was copied under a colleague's name is not theirs.
  expect(await openVault(vault, 'ben', PASS, plainProtector)).toBeNull()
})

test('what is no vault is damage, and not a wrong passphrase', async () => {
  const { publicKey: _, ...keys } = newOperatorKeys()
  const vault = JSON.parse(await lockVault(keys, 'ada', PASS, plainProtector, kdf)) as object
  for (const bad of ['', '{}', JSON.stringify({ ...vault, sealed: 'AAAA' }), JSON.stringify({ ...vault, more: 1 })]) {
    await expect(openVault(bad, 'ada', PASS, plainProtector)).rejects.toMatchObject({ code: 'store.corrupt' })
  }
})

test('keys of somebody who has gone are not left in memory', () => {
  const keys = newOperatorKeys()
  forgetKeys(keys)
  expect([...keys.secretKey, ...keys.credentialKey].every((byte) => byte === 0)).toBe(true)
})
