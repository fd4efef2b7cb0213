import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Prose } from '../../../shared/model/text.ts'
import { canonicalBytes } from '../../host/crypto/canonical-json.ts'
import { verifyEd25519 } from '../../host/crypto/ed25519.ts'
import { parseJson, toPlain } from '../../host/trust/json.ts'
import { keyidOf } from '../config.ts'

const PublicKey = z.string().regex(/^[0-9a-f]{64}$/)

/** Keys of which so many must sign: the role's own, and for a new root those whom the old root trusts (TUF 6.1). */
const Signers = z.strictObject({ threshold: z.int().min(1).max(16), keys: z.array(PublicKey).min(1).max(16) })

const RequestedFile = z.strictObject({
  /** Name of the role in the repository. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** The signed part as it will be published, version and expiry and all. */
  signed: z.looseObject({ version: z.int().min(1), expires: z.iso.datetime() }).catchall(z.json()),
  /** The published file that it takes the place of, whole; null when there is none. */
  before: z.string().max(16_000_000).nullable(),
  signers: z.array(Signers).min(1).max(2),
  /** Signature by public key; both hex. */
  signatures: z.record(PublicKey, z.string().regex(/^[0-9a-f]{128}$/)),
})
export type RequestedFile = z.infer<typeof RequestedFile>

/**
 * What travels to the machine of the keys and back: the exact content, so that whoever signs can read what it is, and
 * the signatures that it has by now. It holds nothing secret.
 */
export const SigningRequest = z.strictObject({
  format: z.literal('slipway.signing-request/1'),
  depot: Prose.max(100),
  made: z.string().max(40),
  files: z.array(RequestedFile).min(1).max(32),
  /** Documents that the files name and that are new or changed: text by target path. */
  documents: z.record(z.string().max(300), z.string().max(4_000_000)),
})
export type SigningRequest = z.infer<typeof SigningRequest>

/** Throws `document.invalid`. */
export function readSigningRequest(bytes: Uint8Array, path: string): SigningRequest {
  const parsed = SigningRequest.safeParse(plainJson(bytes, path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('document.invalid', {
    detail: { path, at: issue?.path.join('.') ?? '', why: issue?.message ?? '' },
  })
}

/** The bytes that a signature is over (TUF 4.2.1). */
export function payloadOf({ signed }: Pick<RequestedFile, 'signed'>): Uint8Array {
  return canonicalBytes(signed)
}

/** Signatures that are really there: by one of the file's signers, over this very content. */
export function validSignatures(file: RequestedFile): Map<string, string> {
  const payload = payloadOf(file)
  const wanted = new Set(file.signers.flatMap(({ keys }) => keys))
  const good = Object.entries(file.signatures).filter(
    ([key, signature]) =>
      wanted.has(key) && verifyEd25519(Buffer.from(key, 'hex'), payload, Buffer.from(signature, 'hex')),
  )
  return new Map(good)
}

/** How far a file is. */
export interface Progress {
  readonly name: string
  readonly version: number
  /** For each group of signers how many have signed and how many must. */
  readonly signed: readonly { readonly have: number; readonly need: number }[]
  readonly complete: boolean
  /** Ids of the keys that have not signed. */
  readonly open: readonly string[]
}

export function progressOf(file: RequestedFile): Progress {
  const have = validSignatures(file)
  const signed = file.signers.map(({ keys, threshold }) => ({
    have: keys.filter((key) => have.has(key)).length,
    need: threshold,
  }))
  const keys = new Set(file.signers.flatMap((group) => group.keys))
  return {
    name: file.name,
    version: file.signed.version,
    signed,
    complete: signed.every(({ have: found, need }) => found >= need),
    open: [...keys].filter((key) => !have.has(key)).map(keyidOf),
  }
}

function plainJson(bytes: Uint8Array, path: string): unknown {
  try {
    return toPlain(parseJson(bytes, { numbers: 'any' }))
  } catch (cause) {
    throw new AppError('document.invalid', { detail: { path, at: '', why: 'no JSON' }, cause })
  }
}
