import { z } from 'zod'
import { Prose, Slug } from './text.ts'

/** What kind of file an artifact is; decides which reader explains it. */
export const ArtifactKind = z.enum(['mcuboot', 'swu', 'raw'])
export type ArtifactKind = z.infer<typeof ArtifactKind>

/** What the signed targets entry says of an artifact, in `custom.slipway`. */
export const ArtifactCustom = z.object({
  kind: ArtifactKind,
  component: Slug,
  version: z.string().min(1).max(100),
  deviceTypes: z.array(Slug).min(1),
  hardware: z.array(z.string().max(60)).default([]),
  title: Prose.max(200).optional(),
})
export type ArtifactCustom = z.infer<typeof ArtifactCustom>

/** One thing a reader found in an artifact, for people. */
export const ArtifactFact = z.object({ name: z.string(), value: z.string() })

/** What a reader says of an artifact's bytes, whoever signed the repository. */
export const ArtifactFacts = z.object({
  kind: ArtifactKind,
  version: z.string().nullable(),
  hardware: z.array(z.string()),
  /** The hash by which the device will name the image, hex; null where the family has none. */
  deviceHash: z.string().nullable(),
  signature: z.enum(['none', 'not-checked', 'good', 'bad', 'unknown-signer']),
  signer: z.string().nullable(),
  facts: z.array(ArtifactFact),
})
export type ArtifactFacts = z.infer<typeof ArtifactFacts>
