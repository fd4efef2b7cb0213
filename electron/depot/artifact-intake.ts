import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { ArtifactCustom } from '../../shared/model/artifact.ts'
import { inspect } from '../host/artifact/inspect.ts'
import type { ArtifactSource } from '../host/artifact/source.ts'
import { createHasher, fill, READ_SIZE } from '../host/crypto/hash.ts'
import { randomHex } from '../host/crypto/random.ts'
import { fileError, syncFolder } from './files.ts'
import type { DepotLayout } from './layout.ts'
import { targetPlace } from './publish.ts'

export interface StoredArtifact {
  readonly sha256: string
  readonly length: number
}

/**
 * Copies a file to where consoles will fetch it, streamed and hashed on the way. Nobody learns of it before it is
 * published. Throws `file.*`, `disk.full`.
 */
export async function storeArtifact(
  layout: DepotLayout,
  path: string,
  source: string | Uint8Array,
): Promise<StoredArtifact> {
  const unfinished = join(layout.targets, 'artifacts', `${randomHex(8)}.part`)
  try {
    await mkdir(dirname(unfinished), { recursive: true })
    const stored = await copy(
      typeof source === 'string' ? createReadStream(source, { highWaterMark: READ_SIZE }) : [source],
      unfinished,
    )
    const place = targetPlace(layout, path, stored.sha256)
    await mkdir(dirname(place), { recursive: true })
    await rename(unfinished, place)
    await syncFolder(dirname(place))
    return stored
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw fileError(error, typeof source === 'string' ? source : path)
  }
}

/**
 * What the file says of itself must be what the publisher says of it: a plan names versions, and a console reads
 * them back from the device. Throws `artifact.*`.
 */
export async function checkArtifact(file: string | Uint8Array, custom: ArtifactCustom): Promise<void> {
  const { source, close } = await openSource(file)
  try {
    const facts = await inspect(source, custom.kind, [])
    if (facts.trailer && custom.padded !== true) {
      throw new AppError('artifact.padded', { detail: { trailer: facts.trailer } })
    }
    if (facts.version !== null && facts.version !== custom.version) {
      throw new AppError('artifact.version-mismatch', { detail: { found: facts.version, expected: custom.version } })
    }
  } finally {
    await close()
  }
}

/** The version that is in the file itself; null where its kind carries none. */
export async function versionOf(file: string | Uint8Array, kind: ArtifactCustom['kind']): Promise<string | null> {
  const { source, close } = await openSource(file)
  try {
    return (await inspect(source, kind, [])).version
  } finally {
    await close()
  }
}

async function openSource(file: string | Uint8Array): Promise<{ source: ArtifactSource; close: () => Promise<void> }> {
  if (typeof file !== 'string') {
    const read = async (offset: number, length: number) => file.subarray(offset, offset + length)
    return { source: { length: file.length, read }, close: async () => {} }
  }
  try {
    const { size } = await stat(file)
    const handle = await open(file, 'r')
    const read = async (offset: number, length: number) => {
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      return buffer.subarray(0, await fill(handle, buffer, offset))
    }
    return { source: { length: size, read }, close: () => handle.close() }
  } catch (error) {
    throw fileError(error, file)
  }
}

async function copy(from: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, to: string): Promise<StoredArtifact> {
  const hasher = createHasher()
  const file = await open(to, 'w', 0o644)
  let length = 0
  try {
    for await (const bytes of from) {
      hasher.update(bytes)
      length += bytes.length
      await file.writeFile(bytes)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hasher.hex(), length }
}
