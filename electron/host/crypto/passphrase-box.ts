import { z } from 'zod'
import { canonicalBytes } from './canonical-json.ts'
import { newPassphraseKdf, PassphraseKdf, passphraseKey } from './passphrase.ts'
import { openBox, sealBox } from './secretbox.ts'

/** Bytes under a passphrase, as JSON that can be kept in a file or a column. */
export const PassphraseBox = z.strictObject({
  format: z.literal('slipway.passphrase-box/1'),
  kdf: PassphraseKdf,
  /** XChaCha20-Poly1305: nonce, ciphertext, tag. */
  box: z.base64().min(1).max(100_000),
})
export type PassphraseBox = z.infer<typeof PassphraseBox>

/** `purpose` is authenticated: a box made for one purpose or owner does not open as another's. */
export async function sealWithPassphrase(
  passphrase: string,
  plain: Uint8Array,
  purpose: string,
  kdf: PassphraseKdf = newPassphraseKdf(),
): Promise<PassphraseBox> {
  const key = await passphraseKey(passphrase, kdf)
  const box = sealBox(key, plain, contextOf(purpose, kdf))
  key.fill(0)
  return { format: 'slipway.passphrase-box/1', kdf, box: Buffer.from(box).toString('base64') }
}

/** Null when the passphrase is wrong, or the box was changed or made for another purpose: one cannot tell which. */
export async function openWithPassphrase(
  passphrase: string,
  { kdf, box }: PassphraseBox,
  purpose: string,
): Promise<Uint8Array | null> {
  const key = await passphraseKey(passphrase, kdf)
  const plain = openBox(key, Buffer.from(box, 'base64'), contextOf(purpose, kdf))
  key.fill(0)
  return plain
}

function contextOf(purpose: string, kdf: PassphraseKdf): Uint8Array {
  return canonicalBytes({ format: 'slipway.passphrase-box/1', purpose, kdf })
}
