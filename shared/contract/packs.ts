import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { TakenAlong } from './audit.ts'
import { LocalPath, Nothing } from './common.ts'
import { RootPreview } from './trust.ts'

/** A file that did not come along, and why. */
const LeftOut = z.object({ target: z.string(), reason: ErrorDataSchema })

/** What a folder holds, on its own word: nothing in here was verified. */
export const PackLook = z.object({
  folder: z.string(),
  /** Where the same repository is online. */
  url: z.string(),
  madeAt: z.number(),
  site: z.string().nullable(),
  artifacts: z.int(),
  bytes: z.number(),
  /** To be compared with the publisher's word before the first trust. */
  root: RootPreview,
  /** Of the repository that this console trusts already; null where it trusts none. */
  mine: z.boolean().nullable(),
  /** Whose logs lie on it, in how many sealed pieces, and receipts for whom. */
  logs: z.array(z.object({ console: z.string(), segments: z.int() })),
  receiptsFor: z.array(z.string()),
})
export type PackLook = z.infer<typeof PackLook>

/** What was put on a stick besides signed files. */
export const HandedOver = z.object({
  /** Entries of this console's own log that no receipt covers. */
  entries: z.int(),
  /** Logs that are carried for others. */
  others: z.array(z.object({ console: z.string(), entries: z.int() })),
  /** Receipts for other consoles. */
  receipts: z.int(),
})
export type HandedOver = z.infer<typeof HandedOver>

export const PackMade = z.object({
  folder: z.string(),
  artifacts: z.int(),
  /** How many of them are on it as differences from earlier releases, or compressed. */
  small: z.int(),
  bytes: z.number(),
  /** Until when what is in it may be used, ms: the signed limits, whatever happens to the pack. */
  until: z.number(),
  leftOut: z.array(LeftOut),
  log: HandedOver,
  /** Why the logs could not be put on it. The pack is good all the same. */
  logFailed: ErrorDataSchema.nullable(),
})
export type PackMade = z.infer<typeof PackMade>

export const PackTaken = z.object({
  folder: z.string(),
  /** The signed time of issue of what is in force now, ms. */
  issuedAt: z.number(),
  until: z.number(),
  plans: z.int(),
  /** Artifacts that came with it. */
  artifacts: z.int(),
  /** Artifacts that were in it and are no good. */
  refused: z.array(LeftOut),
  /** Bytes of artifacts that the plans want and that are still not here. */
  toFetch: z.number(),
  /** Null: its signed files were taken in. Otherwise why they were not, though it brought logs or receipts. */
  notTaken: ErrorDataSchema.nullable(),
  along: TakenAlong,
})
export type PackTaken = z.infer<typeof PackTaken>

export const PackState = z.object({
  phase: z.enum(['idle', 'making', 'taking']),
  folder: z.string().nullable(),
  done: z.number(),
  total: z.number(),
})
export type PackState = z.infer<typeof PackState>

export const packs = {
  state: watch('open', Nothing, PackState),
  /** Reads what a folder says of itself, and trusts nothing. */
  look: call('open', z.object({ folder: LocalPath }), PackLook),
  /** First trust without a network: the person has compared the fingerprint. */
  adopt: call('open', z.object({ folder: LocalPath, fingerprint: Sha256Hex }), Nothing),
  /**
   * Writes all that the chosen site needs, or only these plans, into `slipway-pack` in that folder. `small`: for consoles
   * that have an earlier release, with the publisher's differences in the place of whole files; needs a link.
   */
  make: call(
    'operator',
    z.object({ folder: LocalPath, plans: z.array(z.string()).optional(), small: z.boolean().optional() }),
    PackMade,
  ),
  /** Puts this console's log, those that it carries and receipts on a stick, beside what is there. */
  handOver: call('operator', z.object({ folder: LocalPath }), HandedOver.extend({ folder: z.string() })),
  /** Verifies everything as a sync would, and puts it in force. No network is used. */
  take: call('open', z.object({ folder: LocalPath }), PackTaken),
  stop: call('open', Nothing, Nothing),
}
