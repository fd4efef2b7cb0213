import { z } from 'zod'
import { Instant, Sha256Hex, Slug } from './text.ts'

/**
 * What a pack says of itself. Nobody signs it and nothing is believed on its word: it only says where the same
 * repository lives online, and what the maker meant to put in.
 */
export const PackManifest = z.object({
  format: z.literal('slipway.pack/1'),
  url: z.string().min(1).max(2000),
  madeAt: Instant,
  site: Slug.nullable(),
  artifacts: z
    .array(
      z.object({
        target: z.string().max(1000),
        length: z.int().min(0),
        sha256: Sha256Hex,
        /** Bytes of what is there in its place; absent: it is there as it is. */
        carried: z.int().min(0).optional(),
      }),
    )
    .max(100_000),
})
export type PackManifest = z.infer<typeof PackManifest>
