import { AppError } from '../../../shared/errors.ts'
import { AuditEntryClear } from '../../../shared/model/audit.ts'
import { canonicalJson } from '../crypto/canonical-json.ts'
import { sha256, sha256Hex } from '../crypto/hash.ts'

/** `prev` of the first entry of an epoch. */
export const ZERO_HASH = '0'.repeat(64)
/** Keeps the hash of an entry from ever being the hash of anything else. */
const DOMAIN = 'slipway.audit/1'

/** The last entry up to which a chain is known to be right. */
export interface ChainPoint {
  readonly epoch: number
  readonly seq: number
  readonly hash: string
}

/** An entry as the chain sees it: its clear part, the hash it claims, and its sealed bytes. */
export interface ChainEntry {
  readonly clear: AuditEntryClear
  readonly hash: string
  readonly sealed: Uint8Array
}

/** Where an epoch begins: nothing before its first entry. */
export function epochStart(epoch: number, firstSeq: number): ChainPoint {
  return { epoch, seq: firstSeq - 1, hash: ZERO_HASH }
}

/** The clear part as it is hashed and stored. Throws `trust.bad-json` on text that is not well-formed. */
export function canonicalClear(clear: AuditEntryClear): string {
  return canonicalJson(clear)
}

/**
 * SHA-256(DOMAIN || prev || canonical JSON of the clear part || SHA-256(sealed)), in hex. `prev` and
 * the inner hash are 32 raw bytes, so no two different entries make the same input.
 */
export function entryHash(prev: string, canonical: string, sealed: Uint8Array): string {
  return sha256Hex(DOMAIN, Buffer.from(prev, 'hex'), canonical, sha256(sealed))
}

/** Reads a stored clear part back. Throws `audit.chain-broken` unless it is exactly what was hashed. */
export function readClear(text: string, seq: number): AuditEntryClear {
  try {
    const clear = AuditEntryClear.parse(JSON.parse(text))
    if (canonicalClear(clear) === text) return clear
  } catch (cause) {
    throw broken(seq, 'unreadable', cause)
  }
  throw broken(seq, 'unreadable')
}

/**
 * The next point of the chain after `from`. Throws `audit.gap` when entries are missing between, and
 * `audit.chain-broken` when the entry is not the one that followed: `what` is `order`, `epoch`,
 * `prev` (what came before it was another entry) or `content` (the entry itself was changed).
 */
export function follow(from: ChainPoint, { clear, hash, sealed }: ChainEntry): ChainPoint {
  if (clear.epoch !== from.epoch) throw broken(clear.seq, 'epoch')
  if (clear.seq <= from.seq) throw broken(clear.seq, 'order')
  if (clear.seq > from.seq + 1) {
    throw new AppError('audit.gap', { detail: { epoch: from.epoch, expected: from.seq + 1, found: clear.seq } })
  }
  if (clear.prev !== from.hash) throw broken(clear.seq, 'prev')
  if (hashOf(clear, sealed) !== hash) throw broken(clear.seq, 'content')
  return { epoch: clear.epoch, seq: clear.seq, hash }
}

function hashOf(clear: AuditEntryClear, sealed: Uint8Array): string {
  try {
    return entryHash(clear.prev, canonicalClear(clear), sealed)
  } catch (cause) {
    throw broken(clear.seq, 'unreadable', cause)
  }
}

function broken(seq: number, what: 'order' | 'epoch' | 'prev' | 'content' | 'unreadable', cause?: unknown): AppError {
  return new AppError('audit.chain-broken', { detail: { seq, what }, cause })
}
