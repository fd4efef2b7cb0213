import { z } from 'zod'
import { Ed25519SignatureHex, Sha256Hex, Slug } from './text.ts'

/** What the log records. Closed, like the error codes: readers of old logs depend on it. */
export const AuditAction = z.enum([
  'console.created',
  'console.started',
  'console.stopped',
  'console.recovered',
  'audit.epoch-opened',
  'audit.uploaded',
  'audit.receipt-accepted',
  'audit.pruned',
  'audit.verified',
  'audit.exported',
  'audit.handed-over',
  'audit.taken-along',
  'audit.delivered',
  'trust.adopted',
  'trust.refreshed',
  'trust.refused',
  'sync.artifact-stored',
  'sync.offline-set',
  'sync.connection-set',
  'sync.paused',
  'sync.resumed',
  'sync.link-set',
  'source.added',
  'source.removed',
  'source.checked',
  'source.refused',
  'source.fetched',
  'pack.made',
  'people.enrolled',
  'people.signed-in',
  'people.sign-in-refused',
  'people.signed-out',
  'people.second-verified',
  'people.passphrase-changed',
  'people.credential-stored',
  'device.appeared',
  'device.address-added',
  'device.forgotten',
  'device.searched',
  'device.rule-written',
  'device.recorded',
  'device.claimed',
  'device.disclaimed',
  'run.started',
  'run.refused',
  'run.phase',
  'run.intent',
  'run.outcome',
  'run.condition',
  'run.attested',
  'run.overridden',
  'run.answered',
  'run.cancel-wished',
  'run.pause-wished',
  'run.recovered',
  'run.ended',
  'settings.changed',
  'alert.acknowledged',
])
export type AuditAction = z.infer<typeof AuditAction>

/** When something happened, and how much that is worth. */
export const AuditTime = z.strictObject({
  /** Wall clock, ms since 1970. */
  wall: z.int(),
  /** Monotonic ms since this host process began: orders entries when the wall clock steps. Whole: it is hashed. */
  mono: z.int().min(0),
  source: z.enum(['wall', 'floor']),
  /** How far `wall` may be off, ms; null when nothing vouches for the clock. */
  uncertainty: z.int().min(0).nullable(),
})
export type AuditTime = z.infer<typeof AuditTime>

/** The clear part of an entry, as hashed and as uploaded. */
export const AuditEntryClear = z.strictObject({
  seq: z.int().min(1),
  epoch: z.int().min(1),
  time: AuditTime,
  /** Operator id, or `console` for what the console does by itself. */
  actor: z.union([Slug, z.literal('console')]),
  action: AuditAction,
  /** What it is about: a run id, a device key, a target path. Canonical JSON carries no control characters. */
  subject: z
    .string()
    .max(300)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'no control characters'),
  prev: Sha256Hex,
})
export type AuditEntryClear = z.infer<typeof AuditEntryClear>

/** An entry as stored and as carried in a segment. `sealed` is an age file, base64; empty when there is no detail. */
export const AuditEntry = AuditEntryClear.extend({ hash: Sha256Hex, sealed: z.base64() })
export type AuditEntry = z.infer<typeof AuditEntry>

/** The console's signed word for how far its log reaches. */
export const AuditHead = z.strictObject({
  format: z.literal('slipway.audit-head/1'),
  console: Slug,
  epoch: z.int().min(1),
  seq: z.int().min(0),
  hash: Sha256Hex,
  time: z.int(),
  signature: Ed25519SignatureHex,
})
export type AuditHead = z.infer<typeof AuditHead>

/** First line of a segment. The entries follow, a line each, then the head. */
export const SegmentHeader = z.strictObject({
  format: z.literal('slipway.audit-segment/1'),
  console: Slug,
  epoch: z.int().min(1),
  first: z.int().min(1),
  last: z.int().min(1),
  prev: Sha256Hex,
})
export type SegmentHeader = z.infer<typeof SegmentHeader>

/** The server's signed answer: it holds these entries, and they end in this head. */
export const Receipt = z.strictObject({
  format: z.literal('slipway.audit-receipt/1'),
  console: Slug,
  epoch: z.int().min(1),
  first: z.int().min(1),
  last: z.int().min(1),
  head: Sha256Hex,
  /** SHA-256 of the segment as uploaded. */
  segment: Sha256Hex,
  time: z.int(),
  keyid: Slug,
  signature: Ed25519SignatureHex,
})
export type Receipt = z.infer<typeof Receipt>

/**
 * What a sealed segment says of itself while it travels by stick: whose it is, which entries, between which hashes. The
 * console signs it, so that a carrier can tell a whole and genuine segment from anything else without opening it.
 */
export const Waybill = z.strictObject({
  format: z.literal('slipway.audit-waybill/1'),
  console: Slug,
  /** SHA-256 of the segment's file. */
  segment: Sha256Hex,
  bytes: z.int().min(1),
  epoch: z.int().min(1),
  first: z.int().min(1),
  last: z.int().min(1),
  /** Of the entry before the first, and of the last. */
  prev: Sha256Hex,
  hash: Sha256Hex,
  /** How far the whole log reached when this was written: what is missing after `last` shows. */
  head: AuditHead,
  signature: Ed25519SignatureHex,
})
export type Waybill = z.infer<typeof Waybill>

/** Receipts on their way home to a console that has no link, signed by the console that fetched them. */
export const ReceiptBag = z.strictObject({
  format: z.literal('slipway.audit-receipts/1'),
  console: Slug,
  carrier: Slug,
  time: z.int(),
  receipts: z.array(Receipt).max(1000),
  signature: Ed25519SignatureHex,
})
export type ReceiptBag = z.infer<typeof ReceiptBag>
