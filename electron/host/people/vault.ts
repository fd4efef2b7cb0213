import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { generateEd25519 } from '../crypto/ed25519.ts'
import type { PassphraseKdf } from '../crypto/passphrase.ts'
import { openWithPassphrase, PassphraseBox, sealWithPassphrase } from '../crypto/passphrase-box.ts'
import { randomBytes } from '../crypto/random.ts'
import type { KeyProtector } from './key-protector.ts'

/** What only the operator's passphrase opens. */
export interface OperatorKeys {
  /** Ed25519 seed. */
  readonly secretKey: Uint8Array
  /** Under which the operator's device logins lie: a new passphrase need not touch them. */
  readonly credentialKey: Uint8Array
}

const Vault = z.strictObject({
  format: z.literal('slipway.vault/1'),
  /** A passphrase box, as JSON, under the keystore. */
  sealed: z.base64().min(1).max(100_000),
})

const KEY_LENGTH = 32

export function newOperatorKeys(): OperatorKeys & { readonly publicKey: Uint8Array } {
  return { ...generateEd25519(), credentialKey: randomBytes(KEY_LENGTH) }
}

/** The keys under a passphrase, and the keystore on top. Returns JSON for the `vault` column. */
export async function lockVault(
  { secretKey, credentialKey }: OperatorKeys,
  operator: string,
  passphrase: string,
  protector: KeyProtector,
  kdf?: PassphraseKdf,
): Promise<string> {
  const keys = Buffer.concat([secretKey, credentialKey])
  const box = await sealWithPassphrase(passphrase, keys, purpose(operator), kdf)
  keys.fill(0)
  const sealed = await protector.protect(Buffer.from(JSON.stringify(box), 'utf8'))
  return JSON.stringify({ format: 'slipway.vault/1', sealed: Buffer.from(sealed).toString('base64') })
}

/** Null when the passphrase is wrong. Throws `host.no-keystore`, and `store.corrupt` when this is no vault. */
export async function openVault(
  json: string,
  operator: string,
  passphrase: string,
  protector: KeyProtector,
): Promise<OperatorKeys | null> {
  const { sealed } = read(() => Vault.parse(JSON.parse(json)))
  const bytes = await protector.unprotect(Buffer.from(sealed, 'base64'))
  const box = read(() => PassphraseBox.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))))
  const keys = await openWithPassphrase(passphrase, box, purpose(operator))
  if (keys === null) return null
  if (keys.length !== 2 * KEY_LENGTH)
    throw new AppError('store.corrupt', { detail: { why: 'column', column: 'operator.vault_json' } })
  const opened = { secretKey: keys.slice(0, KEY_LENGTH), credentialKey: keys.slice(KEY_LENGTH) }
  keys.fill(0)
  return opened
}

/** Keys of somebody who has gone are not left in memory. */
export function forgetKeys({ secretKey, credentialKey }: OperatorKeys): void {
  secretKey.fill(0)
  credentialKey.fill(0)
}

const purpose = (operator: string) => `slipway.vault/1 ${operator}`

function read<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new AppError('store.corrupt', { detail: { why: 'column', column: 'operator.vault_json' }, cause })
  }
}
