import { z } from 'zod'
import { Ed25519KeyHex, Instant, Prose, Slug } from './text.ts'

/**
 * What an operator may do. `technician` runs plans; `crew` runs plans that name crew; `supervisor`
 * may also override where a plan allows; `support` reads and diagnoses; `auditor` reads the log.
 */
export const Role = z.enum(['technician', 'crew', 'supervisor', 'support', 'auditor'])
export type Role = z.infer<typeof Role>

const scopeList = z.array(z.union([z.literal('*'), Slug])).min(1)

export const PolicyOperator = z.strictObject({
  id: Slug,
  name: Prose.max(100),
  publicKey: Ed25519KeyHex,
  roles: z.array(Role).min(1),
  sites: scopeList,
  deviceTypes: scopeList,
  /** The lease: after this instant the operator reads and uploads, and runs nothing. */
  notAfter: Instant,
})
export type PolicyOperator = z.infer<typeof PolicyOperator>

/** A laptop whose audit heads the server accepts. */
export const PolicyConsole = z.strictObject({ id: Slug, name: Prose.max(100), publicKey: Ed25519KeyHex })
export type PolicyConsole = z.infer<typeof PolicyConsole>

/** `policy/operators.json` */
export const OperatorsPolicy = z.strictObject({
  format: z.literal('slipway.operators/1'),
  operators: z.array(PolicyOperator),
  consoles: z.array(PolicyConsole),
})
export type OperatorsPolicy = z.infer<typeof OperatorsPolicy>

/** `policy/console.json` */
export const ConsolePolicy = z.strictObject({
  format: z.literal('slipway.console-policy/1'),
  /** Days after the signed time of issue of the newest metadata for which plans may still be run. */
  offlineDays: z.int().min(1).max(400),
  /** Days for which entries the server has signed for stay on the laptop. */
  auditRetentionDays: z.int().min(1).max(3650),
  /** Older consoles refuse to run plans. */
  minimumVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
})
export type ConsolePolicy = z.infer<typeof ConsolePolicy>

const ageRecipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, 'an age X25519 recipient')

/** `policy/audit-recipients.json` */
export const AuditRecipients = z.strictObject({
  format: z.literal('slipway.audit-recipients/1'),
  /** Who can open the detail of an entry: the current key, and the next one before a rotation. */
  detail: z.array(ageRecipient).min(1).max(4),
  /** Who can open a whole uploaded segment: the intake server, which sees clear parts and no detail. */
  intake: z.array(ageRecipient).min(1).max(4),
  /** Keys that may sign receipts. */
  receiptKeys: z
    .array(z.strictObject({ keyid: Slug, publicKey: Ed25519KeyHex }))
    .min(1)
    .max(4),
})
export type AuditRecipients = z.infer<typeof AuditRecipients>
