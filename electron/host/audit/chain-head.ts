import { AppError } from '../../../shared/errors.ts'
import type { AuditHead } from '../../../shared/model/audit.ts'
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { verifyEd25519 } from '../crypto/ed25519.ts'
import type { ChainPoint } from './chain.ts'

/** A console's name and its Ed25519 key, wherever that is kept. */
export interface ConsoleSigner {
  readonly console: string
  /** hex */
  readonly publicKey: string
  sign(message: Uint8Array): Uint8Array
}

/** The console's signed word that its log reaches `point`. `time` is wall-clock ms. */
export function signHead(signer: ConsoleSigner, point: ChainPoint, time: number): AuditHead {
  const head = { format: 'slipway.audit-head/1' as const, console: signer.console, ...point, time }
  return { ...head, signature: Buffer.from(signer.sign(canonicalBytes(head))).toString('hex') }
}

/** Throws `audit.bad-head` unless the head is signed by the key (hex). */
export function checkHeadSignature(head: AuditHead, publicKey: string): void {
  const { signature, ...signed } = head
  if (!verifyEd25519(Buffer.from(publicKey, 'hex'), canonicalBytes(signed), Buffer.from(signature, 'hex'))) {
    throw new AppError('audit.bad-head', { detail: { console: head.console, epoch: head.epoch, seq: head.seq } })
  }
}

/**
 * Compares what a signed head says with the chain, where `hashAt` knows it. Throws `audit.truncated`
 * when the chain ends before the head, `audit.fork` when it has another entry there.
 */
export function checkHeadAgainst(
  head: Pick<AuditHead, 'epoch' | 'seq' | 'hash'>,
  end: ChainPoint,
  hashAt: (seq: number) => string | null,
): void {
  const detail = { epoch: head.epoch, seq: head.seq }
  if (head.epoch !== end.epoch) return
  if (head.seq > end.seq) {
    throw new AppError('audit.truncated', { detail: { epoch: head.epoch, expected: head.seq, found: end.seq } })
  }
  const hash = head.seq === end.seq ? end.hash : hashAt(head.seq)
  // Null: that entry was pruned, after the server had signed for it.
  if (hash !== null && hash !== head.hash) throw new AppError('audit.fork', { detail })
}
