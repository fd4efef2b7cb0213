import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

export const SyncItem = z.object({
  target: z.string(),
  title: z.string(),
  /** Plans that want it. */
  plans: z.array(z.string()),
  priority: z.enum(['security', 'safety', 'normal', 'optional']),
  bytes: z.number(),
  done: z.number(),
  sha256: Sha256Hex,
  state: z.enum(['held', 'waiting', 'fetching', 'failed']),
  reason: ErrorDataSchema.nullable(),
})
export type SyncItem = z.infer<typeof SyncItem>

export const SyncView = z.object({
  phase: z.enum(['idle', 'metadata', 'artifacts', 'audit']),
  offlineChosen: z.boolean(),
  url: z.string().nullable(),
  items: z.array(SyncItem),
  /** Bytes of artifacts still to fetch, and how long that takes at the last seen rate. */
  toFetch: z.number(),
  etaMs: z.number().nullable(),
  rate: z.number().nullable(),
  lastSuccess: z.number().nullable(),
  lastError: ErrorDataSchema.nullable(),
  storedBytes: z.number(),
})
export type SyncView = z.infer<typeof SyncView>

export const sync = {
  state: watch('open', Nothing, SyncView),
  /** Metadata, policy, plans; says what artifacts are missing and fetches none. */
  check: call('open', Nothing, SyncView),
  /** Check, then fetch what is missing, within `maxBytes` when given; then upload the audit log. */
  start: call('open', z.object({ maxBytes: z.number().min(0).optional() }), SyncView),
  stop: call('open', Nothing, Nothing),
  /** While set, the host attempts no network call to a server. Devices are still reached. */
  setOffline: call('open', z.object({ offline: z.boolean() }), Nothing),
}
