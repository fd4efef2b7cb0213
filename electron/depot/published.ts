import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { canonicalJson } from '../host/crypto/canonical-json.ts'
import { type Envelope, type MetadataType, readEnvelope } from '../host/trust/envelope.ts'
import type { Fields } from '../host/trust/fields.ts'
import { DEFAULT_LIMITS } from '../host/trust/limits.ts'
import { readFileIfAny } from './files.ts'
import type { DepotLayout } from './layout.ts'

/** A metadata file that is out there. */
export interface PublishedFile {
  readonly bytes: Uint8Array
  readonly version: number
  /** ms since 1970 */
  readonly expires: number
  /** Key ids that signed it. */
  readonly signers: ReadonlySet<string>
  /** Canonical JSON of its content: everything but version and expiry. */
  readonly content: string
}

/** What consoles see now: the files that the published timestamp leads to. */
export interface Published {
  readonly root: PublishedFile
  readonly timestamp: PublishedFile
  readonly snapshot: PublishedFile
  /** `targets` and delegated roles. */
  readonly roles: ReadonlyMap<string, PublishedFile>
}

/** Null before the first publication. Throws `file.*` and `trust.*` when what is there does not hang together. */
export async function readPublished(layout: DepotLayout): Promise<Published | null> {
  const root = await readMetadata(layout, 'root.json', 'root', 'root')
  if (!root) return null
  const timestamp = await required(layout, 'timestamp.json', 'timestamp', 'timestamp')
  const named = timestamp.envelope.signed.object('meta').object('snapshot.json')
  const snapshot = await required(layout, `${named.int('version', 1)}.snapshot.json`, 'snapshot', 'snapshot')
  const roles = new Map<string, PublishedFile>()
  for (const [file, version] of metaVersions(snapshot.envelope.signed.object('meta'))) {
    const role = file.replace(/\.json$/, '')
    roles.set(role, (await required(layout, `${version}.${file}`, 'targets', role)).file)
  }
  return { root: root.file, timestamp: timestamp.file, snapshot: snapshot.file, roles }
}

/** Canonical JSON of signed content without what every signature brings: to see whether anything really changed. */
export function contentOf(signed: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>): string {
  const members = signed instanceof Map ? [...signed] : Object.entries(signed)
  const lasting = members.filter(([name]) => !['version', 'expires', 'x-issued-at'].includes(name))
  return canonicalJson(new Map(lasting) as never)
}

function metaVersions(meta: Fields): Map<string, number> {
  return meta.map((facts) => facts.int('version', 1))
}

async function required(layout: DepotLayout, name: string, type: MetadataType, role: string) {
  const found = await readMetadata(layout, name, type, role)
  if (!found) throw new AppError('file.not-found', { detail: { path: join(layout.metadata, name) } })
  return found
}

async function readMetadata(layout: DepotLayout, name: string, type: MetadataType, role: string) {
  const bytes = await readFileIfAny(join(layout.metadata, name))
  if (!bytes) return null
  const envelope: Envelope = readEnvelope(bytes, type, role, DEFAULT_LIMITS)
  const { version, expires, signatures } = envelope
  const content = contentOf(new Map(envelope.signed.entries()))
  return { envelope, file: { bytes, version, expires, signers: new Set(signatures.keys()), content } }
}
