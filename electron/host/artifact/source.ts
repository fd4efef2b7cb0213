import { AppError } from '../../../shared/errors.ts'

/** An artifact's bytes, wherever they are. */
export interface ArtifactSource {
  readonly length: number
  /** `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Large enough to hash at full speed, small enough for any laptop. */
const BLOCK = 1024 * 1024

export function unreadable(reason: string, facts: Readonly<Record<string, string | number>> = {}): AppError {
  return new AppError('artifact.unreadable', { detail: { reason, ...facts } })
}

/** The file contradicts a checksum that it carries itself. */
export function corrupt(kind: string, facts: Readonly<Record<string, string | number>> = {}): AppError {
  return new AppError('artifact.corrupt', { detail: { kind, ...facts } })
}

/** Exactly `length` bytes. Throws `artifact.unreadable` when the file ends before that. */
export async function readExactly(source: ArtifactSource, offset: number, length: number): Promise<Uint8Array> {
  if (offset + length > source.length) throw unreadable('too-short', { length: source.length, wanted: offset + length })
  const bytes = await source.read(offset, length)
  if (bytes.length !== length) throw unreadable('too-short', { length: offset + bytes.length, wanted: offset + length })
  return bytes
}

/** The bytes of a stretch, block by block: memory stays flat whatever its size. */
export async function* stretch(source: ArtifactSource, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += BLOCK) yield await readExactly(source, at, Math.min(BLOCK, to - at))
}

/** An artifact that is in memory already. */
export function memorySource(bytes: Uint8Array): ArtifactSource {
  return { length: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}

/** A stretch of an artifact as an artifact of its own. Throws `artifact.unreadable` when it is not all there. */
export function sliceSource(source: ArtifactSource, from: number, length: number): ArtifactSource {
  if (from + length > source.length) throw unreadable('too-short', { length: source.length, wanted: from + length })
  return {
    length,
    read: (offset, wanted) => source.read(from + offset, Math.max(0, Math.min(wanted, length - offset))),
  }
}
