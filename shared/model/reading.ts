import { z } from 'zod'
import { SignalId } from './profile.ts'

export const SignalValue = z.union([z.boolean(), z.number(), z.string()])
export type SignalValue = z.infer<typeof SignalValue>

/** Why there is no value. `unreadable`: the device answered with something the profile does not know. */
export const ReadingFault = z.enum(['no-answer', 'unreadable', 'out-of-range', 'not-supported'])
export type ReadingFault = z.infer<typeof ReadingFault>

/**
 * What a device said of one signal, and when. `at` is on the host's monotonic clock, because age
 * decides about safety and the wall clock may step; `time` is for people.
 */
export const Reading = z.object({
  signal: SignalId,
  value: SignalValue.nullable(),
  fault: ReadingFault.nullable(),
  /** What the device literally said, shortened; for a person who must find out why. */
  raw: z.string().max(200),
  unit: z.string(),
  at: z.number(),
  time: z.number(),
})
export type Reading = z.infer<typeof Reading>
