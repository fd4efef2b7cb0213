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

export const AuditState = z.object({
  epoch: z.int(),
  entries: z.int(),
  lastSeq: z.int(),
  toUpload: z.int(),
  uploading: z.object({ done: z.number(), total: z.number() }).nullable(),
  lastReceipt: Receipt.nullable(),
  chain: ChainReport.nullable(),
  /** False until the signed policy names who may read the detail; entries then carry none. */
  sealing: z.boolean(),
  lastError: ErrorDataSchema.nullable(),
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
  receipts: call('open', Nothing, z.array(Receipt)),
  /** Writes the sealed segment to a file on the laptop, for another machine to carry. */
  export: call('operator', z.object({ path: LocalPath }), z.object({ path: z.string(), entries: z.int() })),
}
