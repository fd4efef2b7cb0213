import { z } from 'zod'
import { DeviceKey } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Role } from '../model/policy.ts'
import { Address } from '../model/site.ts'
import { Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'
import { Passphrase } from './people.ts'

/** One type of device whose boot loader may be the one that answers, and what it says of itself. */
export const LoaderMayBe = z.object({
  type: Slug,
  typeTitle: z.string(),
  driver: z.string(),
  hardware: z.string().nullable(),
  /** Version of what it holds, which may be half of something. */
  holds: z.string().nullable(),
  says: z.record(z.string(), z.string()),
})
export type LoaderMayBe = z.infer<typeof LoaderMayBe>

/** A plan under which a person may say which device it is. */
export const ClaimPlan = z.object({
  id: Slug,
  title: z.string(),
  roles: z.array(Role),
  /** A second person must read the plate as well. */
  twoPerson: z.boolean(),
  /** Why it cannot be used now. */
  reason: ErrorDataSchema.nullable(),
})
export type ClaimPlan = z.infer<typeof ClaimPlan>

/** A boot loader that answers and cannot say whose device it is. */
export const WaitingView = z.object({
  address: Address,
  label: z.string(),
  mayBe: z.array(LoaderMayBe).min(1),
  /** Where others wait that cannot be told from it. */
  alike: z.array(Address),
  /** The device that a run of this console left here in its boot loader, and that was not seen since. */
  left: z.object({ device: DeviceKey, name: z.string(), run: z.string(), at: z.number() }).nullable(),
  plans: z.array(ClaimPlan),
})
export type WaitingView = z.infer<typeof WaitingView>

/** What a person read on the plate. */
const Plate = z.string().trim().min(1).max(100)

/** The second person reads the plate too, and signs with their own passphrase. */
const SecondReader = z.object({ operator: Slug, passphrase: Passphrase, serial: Plate })
export type SecondReader = z.infer<typeof SecondReader>

export const recovery = {
  waiting: watch('open', Nothing, z.array(WaitingView)),
  /**
   * Takes a waiting boot loader for that of the device with this serial number, for the sake of one plan. Throws
   * `plan.no-claims`, `device.unknown-serial`, `device.readings-differ`, `device.several-loaders`, `people.*`.
   */
  claim: call(
    'lease',
    z.object({ address: Address, plan: Slug, serial: Plate, second: SecondReader.optional() }),
    z.object({ device: DeviceKey }),
  ),
  /** It was another device: nothing is written to it as this one any more. Anyone present may. */
  disclaim: call('open', z.object({ device: DeviceKey }), Nothing),
}
