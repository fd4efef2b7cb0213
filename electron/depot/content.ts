import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { ArtifactCustom } from '../../shared/model/artifact.ts'
import { Sha256Hex } from '../../shared/model/text.ts'
import { WAYS_FOLDER } from '../../shared/model/ways.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { validate } from '../host/trust/documents.ts'
import { matchesPattern } from '../host/trust/path-pattern.ts'
import { type DelegatedRole, PATHS } from './config.ts'
import { readWays, wayTargets } from './delta-record.ts'
import { filesBelow, readFileIfAny, writeFileDurably } from './files.ts'

/** A file that will be named by signed metadata. */
export interface ContentFile {
  /** Target path: `plans/crane-2.5.0.json`. */
  readonly path: string
  readonly length: number
  readonly sha256: string
  readonly custom: unknown
  /** Null for artifacts, whose bytes lie in the repository already. */
  readonly bytes: Uint8Array | null
}

const ArtifactFacts = z.strictObject({
  format: z.literal('slipway.depot-artifact/1'),
  length: z.int().min(0),
  sha256: Sha256Hex,
  slipway: ArtifactCustom,
})
export type ArtifactFacts = z.infer<typeof ArtifactFacts>

const ARTIFACT_PATH = /^artifacts\/\w[\w.+-]*(?:\/\w[\w.+-]*)?$/
const DOCUMENT_PATH = /^(?:plans|profiles|sites|policy)\/[a-z0-9][a-z0-9._-]*\.json$/

/** What the publisher wants to be published: a folder of files under their target paths. */
export class Content {
  readonly #dir: string
  readonly #ways: string

  /** `ways`: what was made for artifacts to be fetched with fewer bytes. */
  constructor(dir: string, ways: string) {
    this.#dir = dir
    this.#ways = ways
  }

  /** Null when there is no such document. */
  async document(path: string): Promise<Buffer | null> {
    return readFileIfAny(this.#place(path))
  }

  /** Paths of documents that begin so. */
  async list(prefix: string): Promise<string[]> {
    return (await filesBelow(this.#dir)).filter((path) => path.startsWith(prefix))
  }

  /** Writes a document as it will be signed. Its meaning was checked before. */
  async setDocument(path: string, document: unknown): Promise<void> {
    await writeFileDurably(this.#place(path), `${JSON.stringify(document, null, 2)}\n`)
  }

  async setArtifact(path: string, facts: Omit<ArtifactFacts, 'format'>): Promise<void> {
    const file: ArtifactFacts = { format: 'slipway.depot-artifact/1', ...facts }
    await writeFileDurably(`${this.#place(path)}.json`, `${JSON.stringify(file, null, 2)}\n`)
  }

  /** Target paths of all artifacts. */
  async artifactPaths(): Promise<string[]> {
    return (await this.list('artifacts/')).map((path) => path.replace(/\.json$/, ''))
  }

  async artifact(path: string): Promise<ArtifactFacts | null> {
    const bytes = await readFileIfAny(`${this.#place(path)}.json`)
    return bytes && validate(ArtifactFacts, path, bytes)
  }

  /** Throws `file.not-found`. */
  async remove(path: string): Promise<void> {
    const place = path.startsWith('artifacts/') ? `${this.#place(path)}.json` : this.#place(path)
    if (!(await readFileIfAny(place))) throw new AppError('file.not-found', { detail: { path } })
    await rm(place)
  }

  /** All files of a role, by path. */
  async filesOf(role: DelegatedRole): Promise<ContentFile[]> {
    const files: ContentFile[] = []
    for (const name of await filesBelow(this.#dir)) {
      const path = name.startsWith('artifacts/') ? name.replace(/\.json$/, '') : name
      if (!PATHS[role].some((pattern) => matchesPattern(path, pattern))) continue
      if (path.startsWith('artifacts/')) files.push(...(await this.#artifactFiles(path)))
      else files.push(await this.#documentFile(path))
    }
    // Deltas from one release may be part of the way to several.
    return [...new Map(files.map((file) => [file.path, file])).values()]
  }

  /** The artifact, and what lies beside it. */
  async #artifactFiles(path: string): Promise<ContentFile[]> {
    const facts = await this.artifact(path)
    if (!facts) throw new AppError('file.not-found', { detail: { path } })
    const { length, sha256, slipway } = facts
    const record = await readWays(this.#ways, sha256)
    const beside = record ? wayTargets(record).map((file) => ({ ...file, custom: null, bytes: null })) : []
    const custom = { slipway, ...(record ? { ways: record.pointer } : {}) }
    return [{ path, length, sha256, custom, bytes: null }, ...beside]
  }

  async #documentFile(path: string): Promise<ContentFile> {
    const bytes = (await this.document(path)) ?? Buffer.alloc(0)
    return { path, length: bytes.length, sha256: sha256Hex(bytes), custom: null, bytes }
  }

  /** Throws `document.invalid` on a path that is none of ours: it might lead out of the folder. */
  #place(path: string): string {
    if ((!DOCUMENT_PATH.test(path) && !ARTIFACT_PATH.test(path)) || path.startsWith(WAYS_FOLDER)) {
      throw new AppError('document.invalid', { detail: { path, why: 'path' } })
    }
    return join(this.#dir, ...path.split('/'))
  }
}
