import { z } from 'zod'
import { Prose, Slug } from './text.ts'

/** What kind of file an artifact is; decides which reader explains it. */
export const ArtifactKind = z.enum([
  'mcuboot',
  'swu',
  'mender',
  'rauc',
  /** Bytes with a DFU suffix behind them. */
  'dfu',
  /** ST's container of memory areas, with a DFU suffix. */
  'dfuse',
  /** Motorola S-records. */
  'srec',
  'intel-hex',
  'uf2',
  'raw',
])
export type ArtifactKind = z.infer<typeof ArtifactKind>

/** What the signed targets entry says of an artifact, in `custom.slipway`. */
export const ArtifactCustom = z.object({
  kind: ArtifactKind,
  component: Slug,
  version: z.string().min(1).max(100),
  deviceTypes: z.array(Slug).min(1),
  hardware: z.array(z.string().max(60)).default([]),
  /** It carries a slot trailer on purpose: only plans that say `permanent` may install it. */
  padded: z.boolean().optional(),
  title: Prose.max(200).optional(),
})
export type ArtifactCustom = z.infer<typeof ArtifactCustom>

/** What a reader may find. Each has its words in every language. */
export const FACT_NAMES = [
  'description',
  'signature-kind',
  /** What must be on the device before: another image's version, an artifact's name. */
  'needs',
  'needs-group',
  'provides',
  'clears',
  'payload-type',
  'script',
  'file',
  'image',
  'image-size',
  'load-address',
  'start-address',
  'flags',
  'encrypted',
  'security-counter',
  'slot-trailer',
  'usb-id',
  'usb-device',
  'dfu-version',
  'target',
  'memory-area',
  'gaps',
  'family',
  'contains',
  'format',
  'compression',
  'build',
  'hook',
  'unread',
] as const

/** One thing a reader found in an artifact, for people. */
export const ArtifactFact = z.object({ name: z.enum(FACT_NAMES), value: z.string() })
export type ArtifactFact = z.infer<typeof ArtifactFact>

/** What a reader says of an artifact's bytes, whoever signed the repository. */
export const ArtifactFacts = z.object({
  kind: ArtifactKind,
  version: z.string().nullable(),
  /** Hardware revisions or device types that it says it is for; empty: it does not say. */
  hardware: z.array(z.string()),
  /** The hash by which the device will name the image, hex; null where the family has none. */
  deviceHash: z.string().nullable(),
  signature: z.enum(['none', 'not-checked', 'good', 'bad', 'unknown-signer']),
  signer: z.string().nullable(),
  /**
   * A boot loader's slot trailer that is already in the file: once written, the device boots it without being asked
   * (`trial`) and never falls back (`permanent`). Absent: the file has none.
   */
  trailer: z.enum(['trial', 'permanent']).optional(),
  facts: z.array(ArtifactFact),
})
export type ArtifactFacts = z.infer<typeof ArtifactFacts>
