import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Claim } from '../../../shared/model/claim.ts'
import { DeviceKey, Identity } from '../../../shared/model/device.ts'
import { Plan } from '../../../shared/model/plan.ts'
import { Role } from '../../../shared/model/policy.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { Sha256Hex, Slug } from '../../../shared/model/text.ts'
import { RunImage } from './images.ts'

/** The facts that a run was started with. A sync in between changes none of them. */
export const Frozen = z.object({
  v: z.literal(1),
  plan: Plan,
  /** The signed target that the plan came from: who vouched for it. */
  planTarget: z.object({
    path: z.string(),
    length: z.number(),
    sha256: Sha256Hex,
    role: z.string(),
    chain: z.array(z.string()),
  }),
  profile: Profile,
  site: z.object({ id: Slug, title: z.string(), zone: z.string() }).nullable(),
  device: z.object({ key: DeviceKey, name: z.string(), identity: Identity }),
  /** On whose word it was this device when the run was started; left out: it said so itself. */
  claim: Claim.optional(),
  /** Running versions when it was started, by component. */
  from: z.record(Slug, z.string().nullable()),
  images: z.array(RunImage).min(1),
  operator: Slug,
  roles: z.array(Role),
  second: Slug.nullable(),
  /** The batch it belongs to. */
  batch: z.string().nullable(),
})
export type Frozen = z.infer<typeof Frozen>

/** Reads a stored value back. Throws `store.corrupt` { column } when it does not fit. */
export function readStored<T>(schema: z.ZodType<T>, text: string, column: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('store.corrupt', { detail: { why: 'column', column }, cause })
  }
}
