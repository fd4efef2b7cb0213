import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Sha256Hex, Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Inspection } from './artifacts.ts'
import { LocalPath, Nothing } from './common.ts'
import { RootPreview } from './trust.ts'

/** Somebody else's TUF repository: files come from it, and nothing that it signs says what may be done with them. */
export const SourceView = z.object({
  id: Slug,
  metadata: z.string(),
  targets: z.string(),
  /** Patterns of the paths that are looked at; none: all. */
  paths: z.array(z.string()),
  fingerprint: Sha256Hex,
  addedBy: z.string(),
  addedAt: z.number(),
  /** When its metadata was good the last time, ms since 1970. */
  checkedAt: z.number().nullable(),
  roles: z.array(z.object({ name: z.string(), version: z.int(), expires: z.number() })),
  /** Files that it names; those in hash bins count once they were asked for. */
  files: z.int(),
  /** What keeps its files from being fetched anew. What is on board stays, and our own repository does not care. */
  trouble: ErrorDataSchema.nullable(),
  /** The file that comes just now. */
  fetching: z.object({ target: z.string(), done: z.number(), total: z.number() }).nullable(),
})
export type SourceView = z.infer<typeof SourceView>

export const SourceFile = z.object({
  target: z.string(),
  bytes: z.number(),
  sha256: Sha256Hex.nullable(),
  /** As its publisher says; it proves nothing. */
  version: z.string().nullable(),
  /** The role that signed for it. */
  role: z.string(),
  held: z.boolean(),
  /** Plans of our own publisher that install exactly these bytes: without one it goes onto no device. */
  plans: z.array(z.object({ id: Slug, title: z.string() })),
  /** Why it may not be fetched. */
  refused: ErrorDataSchema.nullable(),
})
export type SourceFile = z.infer<typeof SourceFile>

export const SourceFiles = z.object({ source: SourceView, files: z.array(SourceFile), more: z.int() })
export type SourceFiles = z.infer<typeof SourceFiles>

const Url = z.url().max(500)
const Target = z.string().min(1).max(500)
const One = z.object({ id: Slug })

export const source = {
  list: watch('open', Nothing, z.array(SourceView)),
  /** What a person compares with the publisher's word: the root in a file of this laptop. Nothing is trusted by it. */
  preview: call('open', z.object({ root: LocalPath }), RootPreview.omit({ url: true })),
  /** Trusts that root for files alone. For supervisors. */
  add: call(
    'lease',
    z.object({
      id: Slug,
      root: LocalPath,
      fingerprint: Sha256Hex,
      metadata: Url,
      targets: Url,
      paths: z.array(z.string().min(1).max(200)).max(50).optional(),
    }),
    SourceView,
  ),
  /** Forgets it. Files that came from it stay while a plan names them. For supervisors. */
  remove: call('lease', One, Nothing),
  /** The files that it names, by what was verified last; `filter`: a part of their path. Asks no server. */
  show: call('open', One.extend({ filter: z.string().max(200).optional() }), SourceFiles),
  /** Fetches and verifies its metadata. */
  sync: call('open', One, SourceView),
  /** Brings one file on board. */
  fetch: call('operator', One.extend({ target: Target }), SourceFile),
  /** What a file of it is that is on board. */
  inspect: call('open', One.extend({ target: Target }), Inspection),
  /** Writes a file of it that is on board to a new file. */
  export: call('operator', One.extend({ target: Target, path: LocalPath }), Nothing),
}
