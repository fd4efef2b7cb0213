import { z } from 'zod'
import { ArtifactFacts, ArtifactKind } from '../model/artifact.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex, Slug } from '../model/text.ts'
import { call } from '../rpc/define.ts'
import { LocalPath } from './common.ts'

/** What the console would say if this file were to go onto devices of one type. */
export const TypeVerdict = z.object({
  type: Slug,
  title: z.string(),
  signature: ArtifactFacts.shape.signature,
  signer: z.string().nullable(),
  /** Why no run would install it, whatever the plan says; null: nothing in the file speaks against it. */
  refused: ErrorDataSchema.nullable(),
})
export type TypeVerdict = z.infer<typeof TypeVerdict>

/** What a file is, as far as its bytes and the signed metadata of this console tell. */
export const Inspection = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: Sha256Hex,
  kind: ArtifactKind,
  /** Null: it cannot be understood, or contradicts itself; `trouble` says how. */
  facts: ArtifactFacts.nullable(),
  trouble: ErrorDataSchema.nullable(),
  /** Targets of the repository that are exactly these bytes. */
  published: z.array(
    z.object({ target: z.string(), component: Slug, version: z.string(), deviceTypes: z.array(Slug) }),
  ),
  /** Plans on board that install it. */
  plans: z.array(z.object({ id: Slug, title: z.string() })),
  /** One for each type of device here that takes files of this kind. */
  types: z.array(TypeVerdict),
})
export type Inspection = z.infer<typeof Inspection>

/** Bytes in one {@link artifacts.part}, at most. */
export const MAX_PART = 512 * 1024
const PART_BASE64 = Math.ceil(MAX_PART / 3) * 4

export const artifacts = {
  /** A file on board that signed metadata names. */
  inspect: call('open', z.object({ target: z.string().min(1).max(500) }), Inspection),
  /** Any file of this laptop. Nothing is kept of it, and no device is touched. */
  inspectFile: call('open', z.object({ path: LocalPath }), Inspection),
  /**
   * A file that a page holds, part by part from its start. `file` is the page's own name for it; the last part brings
   * the answer, and nothing is kept.
   */
  part: call(
    'open',
    z.object({
      file: z.uuid(),
      name: z.string().max(255),
      length: z.int().min(0),
      offset: z.int().min(0),
      bytes: z.base64().max(PART_BASE64),
    }),
    z.object({ received: z.int(), inspection: Inspection.nullable() }),
  ),
}
