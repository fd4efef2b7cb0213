import { holdsOneOf, untrusted, verifyKeyPaths } from '../../../protocol/mender/config.ts'
import type { MenderSession } from './session.ts'

/**
 * Makes sure that the client judges signatures at all, and by the keys that the signed profile names. A client whose
 * configuration names no key, or a file that is not there, installs whatever it is given and only says so in its log.
 * Throws `device.verify-key`.
 */
export async function proveVerifyKey({ client, device }: MenderSession, signal: AbortSignal): Promise<void> {
  const expected = device.profile.signers
    .filter(({ algorithm }) => algorithm === 'ecdsa-p256' || algorithm === 'rsa-pkcs1')
    .map(({ pem }) => pem)
  if (expected.length === 0) throw untrusted('profile-names-none')
  const version = await client.version(signal)
  if (!version) throw untrusted('no-client')
  for (const path of verifyKeyPaths(await client.config(signal), version)) {
    const file = await client.text(path, signal)
    if (file === null) throw untrusted('file-missing', { path })
    if (!holdsOneOf(file, expected)) throw untrusted('other-key', { path })
  }
}
