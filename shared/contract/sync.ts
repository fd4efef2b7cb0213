import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { LocalPath, Nothing } from './common.ts'

/** How an artifact is fetched: from an older one, or whole. */
export const SyncWay = z.object({
  kind: z.enum(['delta', 'chain', 'chunks', 'compressed', 'whole']),
  /** Version of the older artifact from which it is made. */
  from: z.string().nullable(),
  bytes: z.number(),
  /** Cheaper ways that did not lead there, and why. */
  refused: z.array(z.object({ kind: z.string(), reason: ErrorDataSchema })),
})
export type SyncWay = z.infer<typeof SyncWay>

export const SyncItem = z.object({
  target: z.string(),
  title: z.string(),
  /** Plans that want it. */
  plans: z.array(z.string()),
  priority: z.enum(['security', 'safety', 'normal', 'optional']),
  bytes: z.number(),
  /** Bytes that are moved for it; far fewer than `bytes` where an older artifact is held. */
  move: z.number(),
  /** Bytes that are here: of `move`, or all of it. */
  done: z.number(),
  /** How it comes or came; null where that is not known. */
  way: SyncWay.nullable(),
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

const Certificate = z.object({ subject: z.string(), issuer: z.string(), until: z.number(), fingerprint: Sha256Hex })

/** How the server is reached. */
export const ServerConnectionView = z.object({
  /** The only ones that may vouch for the server's name; none: those that the program brings along. */
  authorities: z.array(Certificate),
  /** With which this console shows itself to the server. */
  own: Certificate.nullable(),
  /** From the environment, without its login. */
  proxy: z.string().nullable(),
})
export type ServerConnectionView = z.infer<typeof ServerConnectionView>

/** PEM files of this laptop; null takes one out, what is not named stays. */
export const ServerConnectionChange = z.object({
  authorities: LocalPath.nullable().optional(),
  certificate: LocalPath.nullable().optional(),
  key: LocalPath.nullable().optional(),
})
export type ServerConnectionChange = z.infer<typeof ServerConnectionChange>

export const sync = {
  state: watch('open', Nothing, SyncView),
  /** Metadata, policy, plans; says what artifacts are missing and fetches none. */
  check: call('open', Nothing, SyncView),
  /** Check, then fetch what is missing, within `maxBytes` when given; then upload the audit log. */
  start: call('open', z.object({ maxBytes: z.number().min(0).optional() }), SyncView),
  stop: call('open', Nothing, Nothing),
  connection: watch('open', Nothing, ServerConnectionView),
  setConnection: call('open', ServerConnectionChange, ServerConnectionView),
  /** While set, the host attempts no network call to a server. Devices are still reached. */
  setOffline: call('open', z.object({ offline: z.boolean() }), Nothing),
}
