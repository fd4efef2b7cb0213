import { join } from 'node:path'
import type { SigningRequest } from './ceremony/request.ts'
import { DELEGATED, type DepotConfig } from './config.ts'
import type { Content, ContentFile } from './content.ts'
import { type Draft, Drafts } from './drafts.ts'
import { readFileIfAny, writeFileDurably } from './files.ts'
import type { KeyStore } from './key-store.ts'
import type { DepotLayout } from './layout.ts'
import { proveCandidate } from './proof.ts'
import type { Published } from './published.ts'
import { roleContents, topTargets } from './role-content.ts'

export interface PublishOptions {
  readonly layout: DepotLayout
  readonly config: DepotConfig
  readonly keys: KeyStore
  readonly content: Content
  readonly published: Published | null
  /** What was sent to be signed elsewhere, with what came back. */
  readonly pending: SigningRequest | null
  /** Wall clock, ms. */
  readonly now: number
}

/** Roles that were signed anew, with their versions. */
export type PublishReport = Readonly<Record<string, number>>

/**
 * Signs what differs between the content and what is published, and what is about to grow old. It comes in force by
 * the rename of one file, `timestamp.json`; everything before that is under names that nobody asks for yet. Throws
 * `depot.missing-keys`, `depot.lint`, `disk.full`, and then nothing has changed for a console.
 */
export async function publish(options: PublishOptions): Promise<PublishReport> {
  const { layout, config, published, now } = options
  const drafts = new Drafts(options)
  const root = await drafts.root()
  const roles = new Map<string, Draft>([['targets', await drafts.targets('targets', 'targets', topTargets(config))]])
  const files: ContentFile[] = []
  for (const role of DELEGATED) {
    const own = await options.content.filesOf(role)
    files.push(...own)
    for (const [name, content] of roleContents(config, role, own))
      roles.set(name, await drafts.targets(name, role, content))
  }
  const snapshot = await drafts.snapshot(roles)
  const timestamp = await drafts.timestamp(snapshot)
  proveCandidate({ published, root, roles, snapshot, timestamp, files, now })

  await writeDocuments(layout, files)
  const report = await writeVersions(layout, [...roles, ['snapshot', snapshot]])
  // A root by its version, for the chain, and without, for those who come for the first time.
  if (root.fresh) for (const name of [`${root.version}.root.json`, 'root.json']) await writeMetadata(layout, name, root)
  await writeMetadata(layout, 'timestamp.json', timestamp)
  return { ...(root.fresh ? { root: root.version } : {}), ...report, timestamp: timestamp.version }
}

/** A new timestamp for what is published, and a new snapshot when that one grows old: all that a server has to sign. */
export async function refreshPublished(options: PublishOptions & { published: Published }): Promise<PublishReport> {
  const { layout, published } = options
  const drafts = new Drafts(options)
  const snapshot = await drafts.sameSnapshot(published.snapshot)
  const timestamp = await drafts.timestamp(snapshot)
  const report = await writeVersions(layout, [['snapshot', snapshot]])
  await writeMetadata(layout, 'timestamp.json', timestamp)
  return { ...report, timestamp: timestamp.version }
}

/** Where a target lies: under a name that says what is inside, so that old and new can be there together (TUF 6.2). */
export function targetPlace(layout: DepotLayout, path: string, sha256: string): string {
  const segments = path.split('/')
  const name = segments.pop() ?? ''
  return join(layout.targets, ...segments, `${sha256}.${name}`)
}

async function writeVersions(
  layout: DepotLayout,
  files: readonly (readonly [string, Draft])[],
): Promise<PublishReport> {
  const report: Record<string, number> = {}
  for (const [name, draft] of files) {
    if (!draft.fresh) continue
    await writeMetadata(layout, `${draft.version}.${name}.json`, draft)
    report[name] = draft.version
  }
  return report
}

async function writeMetadata(layout: DepotLayout, name: string, { bytes }: Draft): Promise<void> {
  await writeFileDurably(join(layout.metadata, name), bytes)
}

async function writeDocuments(layout: DepotLayout, files: readonly ContentFile[]): Promise<void> {
  for (const { path, sha256, bytes } of files) {
    if (!bytes) continue
    const place = targetPlace(layout, path, sha256)
    if (!(await readFileIfAny(place))) await writeFileDurably(place, bytes)
  }
}
