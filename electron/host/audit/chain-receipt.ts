import { AppError } from '../../../shared/errors.ts'
import type { Receipt } from '../../../shared/model/audit.ts'
import type { AuditRecipients } from '../../../shared/model/policy.ts'
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { verifyEd25519 } from '../crypto/ed25519.ts'

export type ReceiptKeys = AuditRecipients['receiptKeys']
export type UnsignedReceipt = Omit<Receipt, 'format' | 'keyid' | 'signature'>

export function signReceipt(
  receipt: UnsignedReceipt,
  key: { readonly keyid: string; sign(message: Uint8Array): Uint8Array },
): Receipt {
  const signed = { format: 'slipway.audit-receipt/1' as const, ...receipt, keyid: key.keyid }
  return { ...signed, signature: Buffer.from(key.sign(canonicalBytes(signed))).toString('hex') }
}

/**
 * Whether this is the server's word for exactly what was sent. Throws `audit.bad-receipt`; `what` is
 * `key` (none that the signed policy names), `signature`, or the field that says something else.
 */
export function checkReceipt(receipt: Receipt, sent: Omit<UnsignedReceipt, 'time'>, keys: ReceiptKeys): void {
  const { signature, ...signed } = receipt
  const key = keys.find(({ keyid }) => keyid === receipt.keyid)
  if (!key) throw bad(receipt, 'key')
  const valid = verifyEd25519(Buffer.from(key.publicKey, 'hex'), canonicalBytes(signed), Buffer.from(signature, 'hex'))
  if (!valid) throw bad(receipt, 'signature')
  for (const field of ['console', 'epoch', 'first', 'last', 'head', 'segment'] as const) {
    if (receipt[field] !== sent[field]) throw bad(receipt, field)
  }
}

function bad({ segment, keyid }: Receipt, what: string): AppError {
  return new AppError('audit.bad-receipt', { detail: { what, segment, keyid } })
}
