import { z } from 'zod'
import { Sha256Hex } from './text.ts'

/** A file beside an artifact; its name follows from what it is for. */
export const FileFacts = z.object({ length: z.int().min(0), sha256: Sha256Hex })
export type FileFacts = z.infer<typeof FileFacts>

/** A file that is fetched to make an artifact from; below `artifacts/deltas/`. */
export const WayFile = z.object({
  name: z.string().regex(/^\w[\w.-]{0,120}$/),
  ...FileFacts.shape,
  /** SHA-256 of each 256 KiB, 32 bytes each, in the file `<name>.blk`; null where one block is all of it. */
  blocks: FileFacts.nullable(),
})
export type WayFile = z.infer<typeof WayFile>

/**
 * The ways in which an artifact may be fetched besides whole, as the publisher made them: `artifacts/deltas/*.ways.json`.
 * They only save bytes. What counts is the artifact's own hash, as its targets entry names it.
 */
export const Ways = z.object({
  format: z.literal('slipway.ways/1'),
  ...FileFacts.shape,
  /** The block table of the artifact itself. */
  blocks: FileFacts.nullable(),
  /** The whole of it, compressed: a delta from nothing. */
  compressed: WayFile.nullable(),
  deltas: z
    .array(
      z.object({
        from: z.object({ ...FileFacts.shape, version: z.string().max(100) }),
        /** What the first of two deltas makes; null where one is enough. */
        via: FileFacts.nullable(),
        files: z.array(WayFile).min(1).max(2),
      }),
    )
    .max(64),
  /** Content-defined chunks, each compressed alone, and the index to them: from any older file. */
  chunks: z.object({ index: WayFile, pack: WayFile.omit({ blocks: true }) }).nullable(),
})
export type Ways = z.infer<typeof Ways>

/** In the artifact's targets entry, under `custom.ways`: where to find the above. */
export const WaysPointer = z.object({ name: WayFile.shape.name, ...FileFacts.shape })
export type WaysPointer = z.infer<typeof WaysPointer>

/** Where files beside artifacts lie in a repository. */
export const WAYS_FOLDER = 'artifacts/deltas/'
