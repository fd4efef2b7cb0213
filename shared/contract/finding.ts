import { z } from 'zod'
import { DeviceKey, Identity } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { ReadingFault, SignalValue } from '../model/reading.ts'
import { Address } from '../model/site.ts'
import { Slug } from '../model/text.ts'
import { call } from '../rpc/define.ts'

/**
 * How an address stands: `boot-loader`: one of ours answers that cannot say whose device it is; `not-ours`: something else
 * does; `silent`: nobody.
 */
export const AddressState = z.enum(['trying', 'device', 'boot-loader', 'silent', 'busy', 'not-ours'])

/** One way in which the device at an address was asked who it is. */
export const IdentifyAttempt = z.object({
  type: Slug,
  typeTitle: z.string(),
  driver: z.string(),
  /** Null: it is one of these. */
  reason: ErrorDataSchema.nullable(),
})
export type IdentifyAttempt = z.infer<typeof IdentifyAttempt>

/** What a person typed: that it is no address is told in words, not as a wrong call. */
export const TypedText = z.string().min(1).max(300)

/** Who answers at an address, and how that was found out. */
export const Identification = z.object({
  address: Address,
  state: AddressState,
  device: DeviceKey.nullable(),
  identity: Identity.nullable(),
  typeTitle: z.string().nullable(),
  driver: z.string().nullable(),
  /** This console has seen the device before. */
  known: z.boolean(),
  reason: ErrorDataSchema.nullable(),
  /** In the order in which they were tried. */
  attempts: z.array(IdentifyAttempt),
})
export type Identification = z.infer<typeof Identification>

/**
 * Something that a device's signed profile says how to read: a signal (`boom.parked`), `identity.serial`,
 * `identity.type`, `identity.hardware`, or `version.COMPONENT`.
 */
export const SourceName = z.string().min(1).max(120)

/** What a device said when it was asked just now. */
export const ReadValue = z.object({
  source: SourceName,
  title: z.string(),
  value: SignalValue.nullable(),
  fault: ReadingFault.nullable(),
  unit: z.string(),
  /** What it literally said, shortened. */
  raw: z.string(),
  /** Wall-clock ms of the question. */
  time: z.number(),
})
export type ReadValue = z.infer<typeof ReadValue>

export const finding = {
  /** Asks who answers at an address, and keeps nothing of it. Throws `link.bad-address`. */
  identify: call('operator', z.object({ address: TypedText }), Identification),
  /** Reads what the profile names, now; everything without `sources`. Nothing that no profile names can be asked. */
  read: call(
    'open',
    z.object({ device: DeviceKey, sources: z.array(SourceName).min(1).max(250).optional() }),
    z.array(ReadValue),
  ),
}
