import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { AuditEntryClear, Receipt } from '../../../shared/model/audit.ts'
import { type ChainEntry, ZERO_HASH } from '../../host/audit/chain.ts'
import { checkHeadSignature } from '../../host/audit/chain-head.ts'
import { checkReceipt, type ReceiptKeys } from '../../host/audit/chain-receipt.ts'
import type { AgeOpener } from '../../host/crypto/age-seal.ts'
import { hashFile } from '../../host/crypto/hash.ts'
import type { Intake } from './intake.ts'
import type { Point } from './judge.ts'
import type { HeldSegment } from './ledger.ts'

export interface EpochSummary {
  readonly epoch: number
  readonly first: number
  readonly last: number
  readonly segments: number
  /** The console has signed that its log reaches this entry; more than `last` means that some never came. */
  readonly announced: number
}

export interface ConsoleSummary {
  readonly console: string
  readonly epochs: readonly EpochSummary[]
  /** Wall clock of the newest receipt, ms; null when there is none. */
  readonly lastReceipt: number | null
  readonly refused: number
}

/** What is held, console by console. */
export async function summarise(intake: Intake): Promise<ConsoleSummary[]> {
  const refusals = await intake.refusals.list()
  return intake.ledger.consoles().map((console) => {
    const segments = intake.ledger.list(console)
    const { announced } = intake.ledger.known(console)
    const epochs = [...new Set([...segments.map(({ receipt }) => receipt.epoch), ...announced.keys()])].sort(
      (a, b) => a - b,
    )
    return {
      console,
      epochs: epochs.map((epoch) => summariseEpoch(epoch, segments, announced.get(epoch))),
      lastReceipt: segments.reduce<number | null>((last, { receipt }) => Math.max(last ?? 0, receipt.time), null),
      refused: refusals.filter((refusal) => refusal.console === console).length,
    }
  })
}

function summariseEpoch(epoch: number, all: readonly HeldSegment[], announced: Point | undefined): EpochSummary {
  const receipts = all.map(({ receipt }) => receipt).filter((receipt) => receipt.epoch === epoch)
  const last = Math.max(0, ...receipts.map((receipt) => receipt.last))
  return {
    epoch,
    first: receipts.length === 0 ? 0 : Math.min(...receipts.map((receipt) => receipt.first)),
    last,
    segments: receipts.length,
    announced: Math.max(announced?.seq ?? 0, last),
  }
}

export interface Finding {
  readonly console: string
  readonly segment: string
  readonly problem: ErrorData
}

/**
 * Reads everything that is held once more: file against id, chain from the beginning of each epoch,
 * heads against the consoles' keys, receipts against ours. What a disk lost or somebody changed since
 * it was taken is among the findings.
 */
export async function verifyHeld(
  intake: Intake,
  keys: { readonly consoles: ReadonlyMap<string, string>; readonly receipts: ReceiptKeys },
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const console of intake.ledger.consoles()) {
    const ends = new Map<number, Map<number, string>>()
    for (const { receipt, path } of intake.ledger.list(console)) {
      const seen = ends.get(receipt.epoch) ?? new Map([[receipt.first - 1, ZERO_HASH]])
      ends.set(receipt.epoch, seen)
      try {
        await verifySegment(intake, { receipt, path }, seen, keys)
      } catch (error) {
        findings.push({ console, segment: receipt.segment, problem: toErrorData(error, 'file.unreadable') })
      }
    }
  }
  return findings
}

/** `seen` maps entries at which earlier segments of the epoch ended to their hashes. */
async function verifySegment(
  intake: Intake,
  { receipt, path }: HeldSegment,
  seen: Map<number, string>,
  keys: { readonly consoles: ReadonlyMap<string, string>; readonly receipts: ReceiptKeys },
): Promise<void> {
  const { console, epoch, first, last, head, segment } = receipt
  if ((await hashFile(path)).sha256 !== segment) throw new AppError('audit.bad-segment', { detail: { what: 'id' } })
  const { header, head: signed, end } = await intake.read(path)
  checkReceipt(
    receipt,
    { console: header.console, epoch, first, last: end.seq, head: end.hash, segment },
    keys.receipts,
  )
  const key = keys.consoles.get(console)
  if (key === undefined) throw new AppError('audit.unknown-console', { detail: { console } })
  checkHeadSignature(signed, key)
  const before = seen.get(first - 1)
  seen.set(last, head)
  // A segment that overlaps one before it need not begin where that one ended.
  if (before === undefined && Math.max(...seen.keys()) < first - 1) {
    throw new AppError('audit.gap', { detail: { epoch, expected: Math.max(...seen.keys()) + 1, found: first } })
  }
  if (before !== undefined && before !== header.prev)
    throw new AppError('audit.fork', { detail: { epoch, seq: first - 1 } })
}

/** An entry for people: its clear part, and its detail where the identity opens it. */
export interface OpenedEntry extends AuditEntryClear {
  readonly detail: unknown
  /** False when there is detail and it is sealed to somebody else. */
  readonly opened: boolean
}

export interface Selection {
  readonly epoch?: number
  readonly from?: number
  readonly to?: number
}

/** Entries of held segments, or of one file, in order, each once. */
export async function openEntries(
  intake: Intake,
  files: readonly { readonly path: string; readonly receipt?: Receipt }[],
  opener: AgeOpener | null,
  selection: Selection,
  visit: (entry: OpenedEntry) => void,
): Promise<void> {
  const { epoch, from = 0, to = Number.MAX_SAFE_INTEGER } = selection
  const shown = new Set<string>()
  for (const { path, receipt } of files) {
    if (receipt && ((epoch !== undefined && receipt.epoch !== epoch) || receipt.last < from || receipt.first > to))
      continue
    await intake.read(path, async (entry) => {
      const { seq } = entry.clear
      const wanted = seq >= from && seq <= to && (epoch === undefined || entry.clear.epoch === epoch)
      if (!wanted || shown.has(entry.hash)) return
      shown.add(entry.hash)
      visit({ ...entry.clear, ...(await openDetail(entry, opener)) })
    })
  }
}

async function openDetail(
  { sealed }: ChainEntry,
  opener: AgeOpener | null,
): Promise<Pick<OpenedEntry, 'detail' | 'opened'>> {
  if (sealed.length === 0) return { detail: null, opened: true }
  const plain = opener && (await opener.open(sealed))
  if (!plain) return { detail: null, opened: false }
  return { detail: JSON.parse(Buffer.from(plain).toString('utf8')), opened: true }
}
