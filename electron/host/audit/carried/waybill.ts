import { AppError } from '../../../../shared/errors.ts'
import { Waybill } from '../../../../shared/model/audit.ts'
import { canonicalBytes } from '../../crypto/canonical-json.ts'
import { verifyEd25519 } from '../../crypto/ed25519.ts'
import { type ConsoleSigner, checkHeadSignature } from '../chain-head.ts'
import { MAX_SEGMENT_ENTRIES } from '../chain-segment.ts'

/** Larger than any segment that a console makes, and what an intake takes at most, bytes. */
export const MAX_CARRIED_BYTES = 32 * 1024 * 1024

/** Signs what a segment is, for whoever carries it. */
export function signWaybill(signer: ConsoleSigner, goods: Omit<Waybill, 'format' | 'console' | 'signature'>): Waybill {
  const waybill = { format: 'slipway.audit-waybill/1' as const, console: signer.console, ...goods }
  return { ...waybill, signature: Buffer.from(signer.sign(canonicalBytes(waybill))).toString('hex') }
}

/** What a segment and its waybill are called on a stick, without their endings. */
export function waybillName({ epoch, first, last, segment }: Waybill): string {
  return `${epoch}-${first}-${last}-${segment}`
}

/** Reads what lies at a place of a stick. Throws `audit.bad-waybill`; `what` is `form`, or `name` when it belongs elsewhere. */
export function readWaybill(
  bytes: Uint8Array,
  { console, name }: { readonly console: string; readonly name: string },
): Waybill {
  let waybill: Waybill
  try {
    waybill = Waybill.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw new AppError('audit.bad-waybill', { detail: { console, what: 'form' }, cause })
  }
  if (waybill.console !== console || waybillName(waybill) !== name) throw badWaybill({ console }, 'name')
  return waybill
}

/**
 * Whether a console signed this, and whether it can be so at all. Throws `audit.bad-waybill`; `what` is `signature`,
 * `head` (another's, or one that ends before the segment does), `count`, or `length`.
 */
export function checkWaybill(waybill: Waybill, publicKey: string): void {
  const { signature, ...signed } = waybill
  const { console, epoch, first, last, hash, bytes, head } = waybill
  if (!verifyEd25519(Buffer.from(publicKey, 'hex'), canonicalBytes(signed), Buffer.from(signature, 'hex'))) {
    throw badWaybill(waybill, 'signature')
  }
  if (last < first || last - first >= MAX_SEGMENT_ENTRIES) throw badWaybill(waybill, 'count')
  if (bytes > MAX_CARRIED_BYTES) throw badWaybill(waybill, 'length')
  const behind = head.epoch < epoch || (head.epoch === epoch && head.seq < last)
  const other = head.epoch === epoch && head.seq === last && head.hash !== hash
  if (head.console !== console || behind || other) throw badWaybill(waybill, 'head')
  checkHeadSignature(head, publicKey)
}

function badWaybill({ console }: Pick<Waybill, 'console'>, what: string): AppError {
  return new AppError('audit.bad-waybill', { detail: { console, what } })
}
