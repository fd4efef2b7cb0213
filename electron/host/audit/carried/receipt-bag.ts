import { AppError } from '../../../../shared/errors.ts'
import { type Receipt, ReceiptBag } from '../../../../shared/model/audit.ts'
import { canonicalBytes } from '../../crypto/canonical-json.ts'
import { verifyEd25519 } from '../../crypto/ed25519.ts'
import type { ConsoleSigner } from '../chain-head.ts'

/** Packs receipts for the way home. Each proves itself; the bag only says who carried them. */
export function signBag(
  signer: ConsoleSigner,
  console: string,
  receipts: readonly Receipt[],
  time: number,
): ReceiptBag {
  const { console: carrier } = signer
  const bag = { format: 'slipway.audit-receipts/1' as const, console, carrier, time, receipts: [...receipts] }
  return { ...bag, signature: Buffer.from(signer.sign(canonicalBytes(bag))).toString('hex') }
}

/** Reads what lies at a place of a stick. Throws `audit.bad-receipt`; `what` is `form`, or `console` when it belongs elsewhere. */
export function readBag(
  bytes: Uint8Array,
  { console, name }: { readonly console: string; readonly name: string },
): ReceiptBag {
  let bag: ReceiptBag
  try {
    bag = ReceiptBag.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw new AppError('audit.bad-receipt', { detail: { what: 'form', file: name }, cause })
  }
  if (bag.console !== console || `${bag.carrier}.json` !== name) {
    throw new AppError('audit.bad-receipt', { detail: { what: 'console', file: name } })
  }
  return bag
}

/** Who carried it; null when nobody that the policy knows signed for that. What is inside counts all the same. */
export function carrierOf(bag: ReceiptBag, consoles: ReadonlyMap<string, string>): string | null {
  const { signature, ...signed } = bag
  const key = consoles.get(bag.carrier)
  if (key === undefined) return null
  const signedByCarrier = verifyEd25519(Buffer.from(key, 'hex'), canonicalBytes(signed), Buffer.from(signature, 'hex'))
  return signedByCarrier ? bag.carrier : null
}
