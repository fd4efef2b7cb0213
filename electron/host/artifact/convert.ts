import { open, rename, rm } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { openFile } from './file-source.ts'
import { identify } from './identify.ts'
import { inspect } from './inspect.ts'
import { payloadGaps, payloadsOf } from './payload.ts'
import { MAX_MEMORY } from './records/memory-image.ts'
import { stretch, unreadable } from './source.ts'

export interface Converted {
  readonly kind: ArtifactKind
  /** Where the first byte belongs; null: the file does not say. */
  readonly address: number | null
  readonly bytes: number
  readonly gaps: number
  /** Bytes that the file says nothing of. */
  readonly filled: number
}

const CONVERTIBLE: ReadonlySet<ArtifactKind> = new Set(['srec', 'intel-hex', 'uf2', 'dfu', 'dfuse'])

/**
 * Writes the memory that a file describes as one stretch, from its lowest address on. The file is verified first, and
 * `to` is there whole or not at all. Throws `artifact.*`, `file.*`, `disk.full`.
 */
export async function convert(
  from: string,
  to: string,
  { fill = 0xff, family = null }: { readonly fill?: number; readonly family?: number | null },
  signal: AbortSignal,
): Promise<Converted> {
  const file = await openFile(from, signal)
  try {
    const kind = await identify(file)
    if (!CONVERTIBLE.has(kind)) throw new AppError('artifact.wrong-type', { detail: { found: kind } })
    await inspect(file, kind, [])
    const payloads = (await payloadsOf(file, kind, family)).toSorted((a, b) => (a.address ?? 0) - (b.address ?? 0))
    const gaps = payloadGaps(payloads)
    const filled = gaps.reduce((sum, { length }) => sum + length, 0)
    const bytes = filled + payloads.reduce((sum, { source }) => sum + source.length, 0)
    if (filled > MAX_MEMORY) throw unreadable('gaps-too-wide', { length: filled })
    if (payloads.filter(({ address }) => address === null).length > 1) throw unreadable('no-address')
    await write(to, async function* () {
      for (const { address, source } of payloads) {
        yield* stretch(source, 0, source.length)
        const gap = gaps.find((each) => address !== null && each.address === address + source.length)
        if (gap) yield new Uint8Array(gap.length).fill(fill)
      }
    })
    return { kind, address: payloads[0]?.address ?? null, bytes, gaps: gaps.length, filled }
  } finally {
    await file.close()
  }
}

async function write(to: string, blocks: () => AsyncGenerator<Uint8Array>): Promise<void> {
  const unfinished = `${to}.part`
  try {
    const file = await open(unfinished, 'w')
    try {
      for await (const block of blocks()) await file.writeFile(block)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, to)
  } catch (error) {
    await rm(unfinished, { force: true })
    if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) throw error
    throw new AppError(error.code === 'ENOSPC' ? 'disk.full' : 'file.unreadable', {
      detail: { path: to },
      cause: error,
    })
  }
}
