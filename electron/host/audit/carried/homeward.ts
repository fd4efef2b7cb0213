import { AppError } from '../../../../shared/errors.ts'
import type { Receipt } from '../../../../shared/model/audit.ts'
import { type CarriedQueries, KEPT_RECEIPTS } from '../../store/carried.ts'
import { checkReceipt, type ReceiptKeys } from '../chain-receipt.ts'
import { acceptReceipt, checkOwnReceipt, type DeliveryOptions } from '../delivery.ts'
import { carrierOf, readBag } from './receipt-bag.ts'
import type { NotTaken, OfferedBag } from './stick.ts'

const BAG_BYTES = 2 * 1024 * 1024

export interface HomewardOptions {
  readonly delivery: DeliveryOptions
  readonly rows: CarriedQueries
  /** Removes the file of a segment that need not be carried any more. */
  readonly drop: (id: string) => void
}

export interface BagOpened {
  /** Entries of our own log that are signed for now and were not before. */
  readonly entries: number
  readonly carrier: string | null
  /** Receipts for others, to be carried on. */
  readonly others: number
  readonly refused: readonly NotTaken[]
}

interface Trusted {
  readonly keys: ReceiptKeys
  readonly consoles: ReadonlyMap<string, string>
}

/**
 * Takes the receipts out of a bag: our own end the wait of our segments, others' end the carrying of theirs. Each is
 * judged by itself; a bad one keeps no good one away. Throws `audit.bad-receipt` for a bag that is none, `pack.*`.
 */
export async function openBag(options: HomewardOptions, offered: OfferedBag, trusted: Trusted): Promise<BagOpened> {
  const { console } = options.delivery
  const bag = readBag((await offered.bytes(BAG_BYTES)) ?? new Uint8Array(), offered)
  const carrier = carrierOf(bag, trusted.consoles)
  const refused: NotTaken[] = []
  let entries = 0
  let others = 0
  for (const receipt of bag.receipts) {
    try {
      if (receipt.console !== bag.console) throw bad(receipt, 'console')
      if (bag.console === console) entries += await takeOwn(options, receipt, trusted.keys, carrier)
      else others += await takeOthers(options, receipt, trusted, carrier)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'audit.bad-receipt') throw error
      refused.push({ target: `receipts/${offered.console}/${offered.name}`, reason: error.toData() })
    }
  }
  return { entries, carrier, others, refused }
}

async function takeOwn(
  { delivery }: HomewardOptions,
  receipt: Receipt,
  keys: ReceiptKeys,
  carrier: string | null,
): Promise<number> {
  const { outbox } = delivery
  const { segment: id, epoch, first, last } = receipt
  if (outbox.hasReceipt(id)) return 0
  const waiting = outbox.segments()
  // A segment that was made anew since proves itself by its last entry: its hash covers all that came before.
  checkOwnReceipt(delivery, receipt, waiting.find((segment) => segment.id === id) ?? { id, epoch, first, last }, keys)
  const before = outbox.heldThrough(epoch) ?? 0
  const covered = waiting.filter((segment) => segment.epoch === epoch && segment.last <= last)
  await acceptReceipt(
    delivery,
    receipt,
    covered.map((segment) => segment.id),
    carrier,
  )
  return Math.max(0, last - Math.max(before, first - 1))
}

/** Of a console that nobody knows none is kept: a stranger's stick must not fill the database. */
async function takeOthers(
  { delivery, rows, drop }: HomewardOptions,
  receipt: Receipt,
  { keys, consoles }: Trusted,
  carrier: string | null,
): Promise<number> {
  const { segment: id, console } = receipt
  const held = rows.segment(id)
  if (held === null && (!consoles.has(console) || rows.hasReceipt(id))) return 0
  const { epoch, first, last, hash: head } = held?.waybill ?? { ...receipt, hash: receipt.head }
  checkReceipt(receipt, { console: held?.waybill.console ?? console, epoch, first, last, head, segment: id }, keys)
  const keep = () => rows.delivered(receipt, delivery.now(), KEPT_RECEIPTS)
  if (held === null) keep()
  else {
    const detail = { console, epoch, first, last, keyid: receipt.keyid, carrier }
    await delivery.recorder.record({ actor: 'console', action: 'audit.delivered', subject: id, detail }, keep)
    drop(id)
  }
  return 1
}

function bad({ segment, keyid }: Receipt, what: string): AppError {
  return new AppError('audit.bad-receipt', { detail: { what, segment, keyid } })
}
