import { z } from 'zod'
import { AuditEntry, Receipt } from '../model/audit.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { call, watch } from '../rpc/define.ts'
import { LocalPath, Nothing } from './common.ts'

export const ChainReport = z.object({
  ok: z.boolean(),
  entries: z.int(),
  first: z.int().nullable(),
  last: z.int().nullable(),
  reason: ErrorDataSchema.nullable(),
  checkedAt: z.number(),
})
export type ChainReport = z.infer<typeof ChainReport>

/** A receipt with when it came here and, when that was by stick, which console carried it. */
export const HeldReceipt = Receipt.extend({ receivedAt: z.number(), carrier: z.string().nullable() })
export type HeldReceipt = z.infer<typeof HeldReceipt>

/** Another console's log on its way through this one. */
const CarriedLog = z.object({
  console: z.string(),
  segments: z.int(),
  entries: z.int(),
  bytes: z.number(),
  /** When the oldest of it was taken along. */
  since: z.number(),
  /** Why it is not delivered; null: it goes with the next sync. */
  reason: ErrorDataSchema.nullable(),
})

/** What travels by stick. */
export const CarriedState = z.object({
  /** Entries of this console that are on a stick and that no receipt covers yet, since the first was. */
  own: z.object({ entries: z.int(), first: z.int(), last: z.int(), since: z.number() }).nullable(),
  others: z.array(CarriedLog),
  bytes: z.number(),
  /** Bytes that others' logs may take here. */
  limit: z.number(),
})
export type CarriedState = z.infer<typeof CarriedState>

/** What a stick brought besides signed files. */
export const TakenAlong = z.object({
  /** Other consoles' logs that are carried from here on. */
  logs: z.array(z.object({ console: z.string(), entries: z.int(), bytes: z.number() })),
  receipts: z.object({
    /** Entries of this console that the publisher has signed for, and who carried that word. */
    entries: z.int(),
    carriers: z.array(z.string()),
    /** Receipts for others, to be carried on. */
    others: z.int(),
  }),
  /** What was not taken; it stays on the stick. */
  refused: z.array(z.object({ target: z.string(), reason: ErrorDataSchema })),
})
export type TakenAlong = z.infer<typeof TakenAlong>

export const AuditState = z.object({
  epoch: z.int(),
  entries: z.int(),
  lastSeq: z.int(),
  toUpload: z.int(),
  uploading: z.object({ done: z.number(), total: z.number() }).nullable(),
  lastReceipt: HeldReceipt.nullable(),
  chain: ChainReport.nullable(),
  /** False until the signed policy names who may read the detail; entries then carry none. */
  sealing: z.boolean(),
  lastError: ErrorDataSchema.nullable(),
  carried: CarriedState,
})
export type AuditState = z.infer<typeof AuditState>

/** The clear part of an entry, as screens show it. */
export const AuditRow = AuditEntry.omit({ sealed: true }).extend({ sealedBytes: z.int(), uploaded: z.boolean() })
export type AuditRow = z.infer<typeof AuditRow>

export const audit = {
  state: watch('open', Nothing, AuditState),
  /** Newest first, from before `before`. */
  list: call('open', z.object({ before: z.int().optional(), limit: z.int().min(1).max(500) }), z.array(AuditRow)),
  verify: call('open', Nothing, ChainReport),
  upload: call('open', Nothing, AuditState),
  receipts: call('open', Nothing, z.array(HeldReceipt)),
  /** Writes the sealed segment to a file on the laptop, for another machine to carry. */
  export: call('operator', z.object({ path: LocalPath }), z.object({ path: z.string(), entries: z.int() })),
}
