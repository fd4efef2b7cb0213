import { z } from 'zod'
import { ArtifactFacts } from '../model/artifact.ts'
import { DeviceKey } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Plan } from '../model/plan.ts'
import { ConditionView } from '../model/run.ts'
import { Sha256Hex, Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing, PageWish } from './common.ts'

export const PlanSummary = z.object({
  id: Slug,
  title: z.string(),
  reason: z.string(),
  priority: z.enum(['security', 'safety', 'normal', 'optional']),
  goodUntil: z.number(),
  /** What ends it first. */
  limit: z.enum(['plan', 'offline-limit', 'root', 'targets', 'role', 'lease']),
  /** Why it cannot be run now, whatever the device. */
  blocked: ErrorDataSchema.nullable(),
  /** Devices here that it could be run on. */
  fits: z.int(),
  /** Devices here that run already what it installs. */
  done: z.int(),
  artifacts: z.enum(['held', 'missing']),
  bytes: z.number(),
})
export type PlanSummary = z.infer<typeof PlanSummary>

export const PlanDetail = z.object({
  summary: PlanSummary,
  plan: Plan,
  artifacts: z.array(
    z.object({
      target: z.string(),
      component: Slug,
      version: z.string(),
      bytes: z.number(),
      /** Null when the trusted metadata does not name the target (any more). */
      sha256: Sha256Hex.nullable(),
      held: z.boolean(),
      facts: ArtifactFacts.nullable(),
      trouble: ErrorDataSchema.nullable(),
    }),
  ),
  /** Those it fits first, then those that are here; {@link MAX_PLAN_DEVICES} of them at most. */
  devices: z.array(
    z.object({ key: DeviceKey, name: z.string(), fits: z.boolean(), reason: ErrorDataSchema.nullable() }),
  ),
  /** Devices that the plan is meant for, and that this console has seen. */
  deviceCount: z.int(),
})
export type PlanDetail = z.infer<typeof PlanDetail>

export const MAX_PLAN_DEVICES = 1000

export const PlanPage = z.object({
  /** Plans on board. */
  total: z.int(),
  /** Plans that are found. */
  found: z.int(),
  from: z.int(),
  rows: z.array(PlanSummary),
})
export type PlanPage = z.infer<typeof PlanPage>

/** A plan's answer to one device. */
export const PlanVerdict = z.object({
  plan: Slug,
  title: z.string(),
  fits: z.boolean(),
  reason: ErrorDataSchema.nullable(),
})
export type PlanVerdict = z.infer<typeof PlanVerdict>

/** One of the five proofs, tried without touching the device's memory. */
export const Proof = z.object({
  proof: z.enum(['artifact', 'plan', 'operator', 'device', 'safe-state']),
  ok: z.boolean(),
  reason: ErrorDataSchema.nullable(),
})
export type Proof = z.infer<typeof Proof>

export const DryRun = z.object({
  device: DeviceKey,
  name: z.string(),
  change: z.record(Slug, z.object({ from: z.string().nullable(), to: z.string() })),
  proofs: z.array(Proof),
  conditions: z.array(ConditionView),
})
export type DryRun = z.infer<typeof DryRun>

/** More are looked at by pages. */
export const MAX_LISTED_PLANS = 2000

export const plans = {
  /** The most urgent first; the first {@link MAX_LISTED_PLANS} of them. */
  list: watch('open', Nothing, z.array(PlanSummary)),
  /** The most urgent first, or those that end first. */
  page: watch('open', PageWish.extend({ order: z.enum(['urgency', 'end']).default('urgency') }), PlanPage),
  /** Plans that are meant for a device, those first that fit it. */
  forDevice: watch(
    'open',
    PageWish.extend({ device: DeviceKey }),
    z.object({ found: z.int(), from: z.int(), rows: z.array(PlanVerdict) }),
  ),
  one: watch('open', z.object({ plan: Slug }), PlanDetail),
  dryRun: call('operator', z.object({ plan: Slug, devices: z.array(DeviceKey).min(1).max(100) }), z.array(DryRun)),
}
