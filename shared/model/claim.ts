import { z } from 'zod'
import { Slug } from './text.ts'

/**
 * On whose word a device is taken for the one meant while its boot loader, which cannot say itself, speaks for it.
 * Bound to the very presence of that boot loader: it ends when the link breaks or something else answers.
 */
export const Claim = z.discriminatedUnion('how', [
  /** The console sent the device there itself, and its boot loader answered in time at the same place. */
  z.object({ how: z.literal('carried') }),
  /** People read the serial number on its plate, for one plan that allows it. */
  z.object({
    how: z.literal('plate'),
    plan: Slug,
    by: Slug,
    /** Who read the plate as well; null where the plan asks for one person. */
    second: Slug.nullable(),
    /** Wall-clock ms. */
    at: z.number(),
  }),
])
export type Claim = z.infer<typeof Claim>
export type PlateClaim = Extract<Claim, { how: 'plate' }>
