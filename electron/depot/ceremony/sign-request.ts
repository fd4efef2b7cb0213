import { AppError } from '../../../shared/errors.ts'
import { sha256Hex } from '../../host/crypto/hash.ts'
import type { KeyStore } from '../key-store.ts'
import { payloadOf, type SigningRequest, validSignatures } from './request.ts'

/** Of a request after a round of signing. */
export interface SignedRequest {
  readonly request: SigningRequest
  /** How many signatures are new. */
  readonly added: number
}

/**
 * Signs with every key of the folder that the request asks for. Needs no depot and no network. Throws
 * `depot.unknown-key` when none of the keys here is asked for, `depot.ceremony-document` when a document that came
 * along is not the one that would be signed: whoever reads must be able to believe what was read.
 */
export async function signRequest(request: SigningRequest, store: KeyStore): Promise<SignedRequest> {
  checkDocuments(request)
  let added = 0
  let known = 0
  const files = []
  for (const file of request.files) {
    const signatures = validSignatures(file)
    for (const key of new Set(file.signers.flatMap(({ keys }) => keys))) {
      const signer = await store.open(key)
      if (!signer) continue
      known += 1
      if (signatures.has(key)) continue
      signatures.set(key, signer.sign(payloadOf(file)))
      added += 1
    }
    files.push({ ...file, signatures: Object.fromEntries(signatures) })
  }
  if (known === 0) throw new AppError('depot.unknown-key')
  return { request: { ...request, files }, added }
}

function checkDocuments({ files, documents }: SigningRequest): void {
  const named = new Map<string, string>()
  for (const { signed } of files) {
    const targets = (signed.targets ?? {}) as Record<string, { hashes?: { sha256?: string } }>
    for (const [path, target] of Object.entries(targets)) named.set(path, target.hashes?.sha256 ?? '')
  }
  for (const [path, text] of Object.entries(documents)) {
    if (named.get(path) !== sha256Hex(Buffer.from(text, 'utf8'))) {
      throw new AppError('depot.ceremony-document', { detail: { path } })
    }
  }
}
