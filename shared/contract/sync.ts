import { z } from 'zod'
import { DayWindow } from '../day-window.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { LocalPath, Nothing } from './common.ts'

/** How an artifact is fetched: from an older one, or whole. */
export const SyncWay = z.object({
  kind: z.enum(['delta', 'chain', 'chunks', 'compressed', 'whole', 'source']),
  /** Version of the older artifact from which it is made; of `source`: the vendor's repository that it comes from. */
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

/** The files of one urgency that are still to come. */
export const SyncGroup = z.object({
  priority: SyncItem.shape.priority,
  files: z.int(),
  /** Bytes still to move, and how many of them may come now. */
  bytes: z.number(),
  now: z.number(),
  /** How long the bytes that may come now take, ms, after those of the groups before. */
  etaMs: z.number().nullable(),
  /** Why the rest waits; null where nothing does. */
  waits: ErrorDataSchema.nullable(),
})
export type SyncGroup = z.infer<typeof SyncGroup>

/** What bounds a sync: the one that runs, or the next. */
export const SyncLimitsView = z.object({
  /** Bytes of files that it may move; null is any. */
  budget: z.number().nullable(),
  /** Bytes of files that it has moved. */
  used: z.number(),
  /** When it ends because of its hours, ms since 1970. */
  endsAt: z.number().nullable(),
  window: DayWindow.extend({ open: z.boolean(), changesAt: z.number().nullable() }).nullable(),
  link: z.object({
    /** As a person knows it; null where the system has no name for it. */
    network: z.string().nullable(),
    metered: z.boolean(),
    by: z.enum(['this-sync', 'person', 'system', 'nobody']),
    /** What a person has said of this network. */
    said: z.boolean().nullable(),
    /** What the system says of it. */
    system: z.boolean().nullable(),
    /** Bytes of urgent files that it may carry while it is metered. */
    bytes: z.number(),
  }),
})
export type SyncLimitsView = z.infer<typeof SyncLimitsView>

/** Files that one look at a sync shows. */
export const MAX_SYNC_ITEMS = 500

export const SyncView = z.object({
  phase: z.enum(['idle', 'metadata', 'artifacts', 'audit']),
  offlineChosen: z.boolean(),
  url: z.string().nullable(),
  /** In the order in which they are fetched; of very many those that are still to come, and {@link MAX_SYNC_ITEMS} in all. */
  items: z.array(SyncItem),
  /** All of them, whatever is shown. */
  files: z.object({
    total: z.int(),
    missing: z.int(),
    /** Bytes of all of them, and how many of those are here. */
    bytes: z.number(),
    done: z.number(),
  }),
  /** Bytes of artifacts still to fetch, and how long that takes. */
  toFetch: z.number(),
  etaMs: z.number().nullable(),
  /** Bytes a second now; null while nothing is fetched. */
  rate: z.number().nullable(),
  /** What times are reckoned with: the rate now, of the last sync over this network, or of its signed lists (a guess). */
  etaFrom: z.enum(['now', 'last-sync', 'lists']).nullable(),
  /** Most urgent first: the order in which they come. */
  groups: z.array(SyncGroup),
  limits: SyncLimitsView,
  paused: z.object({ by: z.string(), since: z.number() }).nullable(),
  /** What the console waits for to go on by itself. `at`: ms since 1970; null where it is no time. */
  goesOn: z.object({ when: z.enum(['window', 'unmetered']), at: z.number().nullable() }).nullable(),
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

/** What one sync may cost; what is not said is as it was set for all. */
export const SyncWish = z.object({
  /** Bytes of files. */
  budget: z.number().min(0).optional(),
  /** From now, whatever the hours are that were set for all. */
  hours: z.number().positive().max(168).optional(),
  /** A time of day or an instant within a week, likewise. */
  until: z
    .string()
    .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/, 'hh:mm or an instant')
    .optional(),
  /** Whether the link is paid by the byte. */
  metered: z.boolean().optional(),
})
export type SyncWish = z.infer<typeof SyncWish>

export const sync = {
  state: watch('open', Nothing, SyncView),
  /** Metadata, policy, plans; says what artifacts are missing and fetches none. */
  check: call('open', Nothing, SyncView),
  /** What a sync with this wish would fetch by what is known, in which order, and why the rest would wait. Asks no server. */
  plan: call('open', SyncWish, SyncView),
  /** Check, then fetch what is missing as far as it may come; then upload the audit log. */
  start: call('open', SyncWish, SyncView),
  stop: call('open', Nothing, Nothing),
  /** Stops fetching until somebody resumes it, also after a restart. Signed lists can still be checked. */
  pause: call('open', Nothing, SyncView),
  /** Takes a pause back and goes on. */
  resume: call('open', Nothing, SyncView),
  /** Whether the network that the laptop is in is paid by the byte; null: as the system says. */
  setLink: call('open', z.object({ metered: z.boolean().nullable() }), SyncView),
  connection: watch('open', Nothing, ServerConnectionView),
  setConnection: call('open', ServerConnectionChange, ServerConnectionView),
  /** While set, the host attempts no network call to a server. Devices are still reached. */
  setOffline: call('open', z.object({ offline: z.boolean() }), Nothing),
}
