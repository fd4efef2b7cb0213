import type { FileHandle } from 'node:fs/promises'
import type { FileHash } from '../crypto/hash.ts'
import { badDelta } from './bad-delta.ts'
import { DELTA_PREFIX, type DeltaHead, decodeDeltaHead, headLengths } from './delta-format.ts'
import { FreshBytes } from './fresh-bytes.ts'
import { withFiles } from './open-files.ts'
import { readExactly } from './read-exactly.ts'
import { ResultFile } from './result-file.ts'

export interface ApplyDelta {
  /** Proved to be the signed one. */
  readonly delta: string
  /** What it was made from; null where it brings everything. Not believed: the result's hash tells. */
  readonly old: string | null
  /** Written anew. */
  readonly out: string
  /** Bytes that the result must have, as signed. */
  readonly length: number
}

/**
 * Makes the new file, and says what came out: to be compared with what was signed. Hashes on its thread: for one of its own.
 * Throws `sync.bad-delta`, what the file system throws, and the signal's reason.
 */
export function applyDelta({ delta, old, out, length }: ApplyDelta, signal: AbortSignal): Promise<FileHash> {
  return withFiles(async (opening) => {
    const deltaFile = await opening(delta, 'r')
    const oldFile = old === null ? null : await opening(old, 'r')
    const { head, at } = await readHead(deltaFile)
    if (head.newLength !== length) throw badDelta('length', { found: head.newLength, expected: length })
    if (((await oldFile?.stat())?.size ?? 0) !== head.oldLength) throw badDelta('old-length')
    const result = new ResultFile(await opening(out, 'w', 0o600), signal)
    const fresh = new FreshBytes({ delta: deltaFile, at, segments: head.segments, old: oldFile })
    for (const op of head.ops) {
      if ('fresh' in op) await result.take(op.fresh, (room) => fresh.next(room))
      else await result.take(op.copy.length, (room, done) => readExactly(oldFile, room, op.copy.offset + done))
    }
    return result.finish()
  })
}

async function readHead(file: FileHandle): Promise<{ head: DeltaHead; at: number }> {
  const { size } = await file.stat()
  if (size < DELTA_PREFIX) throw badDelta('short')
  const prefix = new Uint8Array(DELTA_PREFIX)
  await readExactly(file, prefix, 0)
  const { raw, packed } = headLengths(prefix)
  const at = DELTA_PREFIX + packed
  if (at > size) throw badDelta('short')
  const head = new Uint8Array(packed)
  await readExactly(file, head, DELTA_PREFIX)
  return { head: decodeDeltaHead(head, raw, size - at), at }
}
