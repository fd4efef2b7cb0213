import type { SignerKey } from '../../../shared/model/profile.ts'
import { ed25519PublicKey } from '../../host/crypto/ed25519.ts'
import { sha256 } from '../../host/crypto/hash.ts'
import { ed25519Pem } from './mcuboot-maker.ts'

/**
 * The key that signs firmware of simulated machines. Anybody can make it from this line: it is worth
 * nothing outside the demo, and no real profile names it.
 */
export const DEMO_SECRET = sha256('slipway demo firmware key')

export const DEMO_SIGNER: SignerKey = {
  id: 'acme-firmware',
  algorithm: 'ed25519',
  pem: ed25519Pem(ed25519PublicKey(DEMO_SECRET)),
}
