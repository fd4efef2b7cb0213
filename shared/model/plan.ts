import { z } from 'zod'
import { TimeOfDay } from '../day-window.ts'
import { DurationText } from './duration.ts'
import { Role } from './policy.ts'
import { Instant, Prose, Slug } from './text.ts'

/** The moments at which a condition must hold, each just before an act on the device. */
export const Moment = z.enum(['detach', 'write', 'restart', 'confirm'])
export type Moment = z.infer<typeof Moment>

/** Where a run stops until a person says go. */
export const HoldPoint = z.enum(['before-write', 'before-restart', 'before-confirm'])
export type HoldPoint = z.infer<typeof HoldPoint>

/** A CEL expression. Length-capped: it is parsed on the laptop of somebody who did not write it. */
const Expression = z.string().min(1).max(1000)

const Override = z.strictObject({ roles: z.array(Role).min(1), twoPerson: z.boolean().default(false) })

const conditionBase = {
  id: Slug,
  title: Prose.max(200).optional(),
  /** What a person can do to make it hold. */
  fix: Prose.optional(),
  at: z.array(Moment).min(1),
}

/** A condition on readings: proved by machine. */
export const MeasuredCondition = z.strictObject({
  ...conditionBase,
  expr: Expression,
  /** A reading older than this counts as missing. */
  maxAge: DurationText.default('5s'),
  /** Also watched between the moments while the device is being written. */
  watch: z.boolean().default(false),
  override: Override.optional(),
})

/** A condition that a person confirms, on the record. */
export const AttestedCondition = z.strictObject({
  ...conditionBase,
  attest: z.strictObject({ text: Prose.max(300), evidence: z.enum(['none', 'note']).default('none') }),
})

export const Condition = z.union([MeasuredCondition, AttestedCondition])
export type Condition = z.infer<typeof Condition>
export type MeasuredCondition = z.infer<typeof MeasuredCondition>
export type AttestedCondition = z.infer<typeof AttestedCondition>

export function isAttested(condition: Condition): condition is AttestedCondition {
  return 'attest' in condition
}

/** Proved on the new version, after the restart. */
export const Check = z.strictObject({
  id: Slug,
  title: Prose.max(200),
  expr: Expression,
  /** How long after the restart the check may take to come true. */
  within: DurationText,
  maxAge: DurationText.default('5s'),
})
export type Check = z.infer<typeof Check>

export const PlanArtifact = z.strictObject({
  component: Slug,
  /** Target path in the repository. */
  target: z.string().regex(/^artifacts\/[\w.+-]+(?:\/[\w.+-]+)*$/, 'a path below artifacts/'),
  version: z.string().min(1).max(100),
  /** Skip the trial boot: the new version cannot be undone by the device. Only where the plan says so. */
  permanent: z.boolean().default(false),
})
export type PlanArtifact = z.infer<typeof PlanArtifact>

export const Wave = z.strictObject({
  types: z.array(Slug).min(1),
  /** Devices that must succeed before the rest of the wave may start. */
  canary: z.int().min(0).max(1000).default(0),
  parallel: z.int().min(1).max(64).default(1),
  stopAfterFailures: z.int().min(1).max(1000).default(1),
})

/** How a plan brings back devices of which only the boot loader is left. */
export const Recovery = z.strictObject({
  /** Covers nothing but devices in their boot loader: one whose application runs needs no rescue. */
  only: z.boolean().default(false),
  /**
   * Who may say which device it is, where its boot loader cannot, by the serial number on its plate. Without this nobody
   * may: what is written replaces the only version that such a device has.
   */
  plate: z.strictObject({ roles: z.array(Role).min(1), twoPerson: z.boolean().default(true) }).optional(),
})
export type Recovery = z.infer<typeof Recovery>

/** A signed deployment plan: what may be installed, on which devices, under which conditions, until when. */
export const Plan = z.strictObject({
  format: z.literal('slipway.plan/1'),
  id: Slug,
  title: Prose.max(200),
  reason: Prose,
  priority: z.enum(['security', 'safety', 'normal', 'optional']).default('normal'),
  notBefore: Instant,
  expires: Instant,
  scope: z.strictObject({
    sites: z.array(z.union([z.literal('*'), Slug])).min(1),
    deviceTypes: z.array(Slug).min(1),
    /** Empty: every serial number. */
    serials: z.array(z.string().min(1).max(100)).default([]),
    /** Semver ranges by component; a device outside them is not covered. */
    from: z.record(Slug, z.string().min(1).max(200)).default({}),
    /** Covers a device of the type, too, that only its boot loader speaks for: it cannot say which version it had. */
    recovery: z.union([z.boolean(), Recovery]).default(false),
  }),
  authority: z.strictObject({ roles: z.array(Role).min(1), twoPerson: z.boolean().default(false) }),
  order: z.array(Wave).default([]),
  /** Written in this order, restarted once, then proved and confirmed together. */
  artifacts: z.array(PlanArtifact).min(1).max(8),
  conditions: z.array(Condition).default([]),
  holds: z.array(HoldPoint).default([]),
  checks: z.array(Check).default([]),
  onCheckFail: z.enum(['rollback', 'ask']).default('rollback'),
  window: z.strictObject({ from: TimeOfDay, to: TimeOfDay, zone: z.string().min(1).max(60) }).optional(),
  limits: z
    .strictObject({ maxDuration: DurationText.optional(), minConsoleBattery: z.int().min(0).max(100).optional() })
    .default({}),
})
export type Plan = z.infer<typeof Plan>
/** A plan as a publisher writes it, defaults left out. */
export type PlanInput = z.input<typeof Plan>

/** Whether and how a plan covers devices in their boot loader; null: it does not. */
export function recoveryOf({ scope }: Pick<Plan, 'scope'>): Recovery | null {
  return scope.recovery === true ? { only: false } : scope.recovery || null
}
