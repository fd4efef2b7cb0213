import { canonicalBytes } from '../crypto/canonical-json.ts'
import { signEd25519 } from '../crypto/ed25519.ts'
import type { OperatorKeys } from './vault.ts'

export interface SecondPerson {
  readonly console: string
  /** Who is signed in; null when nobody is. */
  readonly first: string | null
  readonly second: string
  /** Wall clock, ms. */
  readonly time: number
}

/** The second person's word that they were there, signed with their own key: the detail of the log's entry. */
export function secondPersonWord(word: SecondPerson, { secretKey }: OperatorKeys, publicKey: string) {
  const signed = { format: 'slipway.second-person/1' as const, ...word }
  return {
    ...signed,
    publicKey,
    signature: Buffer.from(signEd25519(secretKey, canonicalBytes({ ...signed }))).toString('hex'),
  }
}
