import { AppError } from '../../../shared/errors.ts'
import { hashHex, isTrustedHash, type TrustedHash } from '../crypto/hash.ts'
import type { Fields } from './fields.ts'

/** Hashes by algorithm: only those we trust; others are left out and prove nothing. */
export type Hashes = ReadonlyMap<TrustedHash, string>

const HEX_LENGTH: Readonly<Record<TrustedHash, number>> = { sha256: 64, sha512: 128 }

/** TUF 4.4: what snapshot and timestamp say of another metadata file. Length and hashes may be left out. */
export interface FileFacts {
  readonly version: number
  readonly length: number | null
  readonly hashes: Hashes | null
}

export function readFileFacts(facts: Fields): FileFacts {
  return {
    version: facts.int('version', 1),
    length: facts.has('length') ? facts.int('length', 0) : null,
    hashes: facts.has('hashes') ? readHashes(facts.object('hashes')) : null,
  }
}

/** Throws when a trusted algorithm has a value that is no such hash. */
export function readHashes(hashes: Fields): Hashes {
  const known = new Map<TrustedHash, string>()
  for (const [algorithm, value] of hashes.entries()) {
    if (typeof value !== 'string') throw hashes.refuse(algorithm)
    if (!isTrustedHash(algorithm)) continue
    if (value.length !== HEX_LENGTH[algorithm] || !/^[0-9a-f]+$/.test(value)) throw hashes.refuse(algorithm)
    known.set(algorithm, value)
  }
  return known
}

/**
 * Requires that the bytes are the ones that were named, before anything parses them (TUF 5.5.2, 5.6.2).
 * Named hashes of which we trust none are a refusal, not a licence. Throws `trust.length-mismatch`,
 * `trust.hash-mismatch`.
 */
export function requireFacts(bytes: Uint8Array, name: string, facts: Omit<FileFacts, 'version'>): void {
  const target = name.slice(0, 200)
  if (facts.length !== null && bytes.length !== facts.length) {
    throw new AppError('trust.length-mismatch', { detail: { target, found: bytes.length, expected: facts.length } })
  }
  if (facts.hashes === null) return
  const wrong = [...facts.hashes].some(([algorithm, hash]) => hashHex(algorithm, bytes) !== hash)
  if (wrong || facts.hashes.size === 0) throw new AppError('trust.hash-mismatch', { detail: { target } })
}
