import { z } from 'zod'
import { PolicyConsole } from './policy.ts'
import { Ed25519KeyHex, Ed25519SignatureHex, Prose, Slug } from './text.ts'

/**
 * What a person hands to the publisher to be let in: their public key and their laptop's. Signed by
 * both keys, so that nobody can enrol a key that they do not hold.
 */
export const EnrolmentRequest = z.strictObject({
  format: z.literal('slipway.enrolment/1'),
  operator: z.strictObject({ id: Slug, name: Prose.max(100), publicKey: Ed25519KeyHex }),
  console: PolicyConsole,
  time: z.int(),
  operatorSignature: Ed25519SignatureHex,
  consoleSignature: Ed25519SignatureHex,
})
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>
