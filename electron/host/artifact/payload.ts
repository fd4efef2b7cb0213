import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { readDfuse } from './dfu/dfuse.ts'
import { readDfuSuffix } from './dfu/suffix.ts'
import { memoriesIn } from './records/inspect.ts'
import type { Gap } from './records/memory-image.ts'
import { type ArtifactSource, memorySource, sliceSource, unreadable } from './source.ts'

/** Bytes as a device gets them, without what wraps them in the file. */
export interface Payload {
  /** Where in the device's memory; null: the file does not say. */
  readonly address: number | null
  readonly source: ArtifactSource
}

/**
 * What of a file goes into a device, in the order of the file: all of it, or the parts that a wrapping names. `family`:
 * which chips, for a UF2 file that is for several. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function payloadsOf(
  source: ArtifactSource,
  kind: ArtifactKind,
  family: number | null = null,
): Promise<readonly Payload[]> {
  if (kind === 'srec' || kind === 'intel-hex' || kind === 'uf2') {
    const { families } = await memoriesIn(source, kind)
    const chosen = family === null && families.length === 1 ? families[0] : families.find(({ id }) => id === family)
    if (!chosen) throw unreadable('several-families', { families: families.length })
    return chosen.memory.segments.map(({ address, bytes }) => ({ address, source: memorySource(bytes) }))
  }
  if (kind !== 'dfu' && kind !== 'dfuse') return [{ address: null, source }]
  const suffix = await readDfuSuffix(source)
  if (!suffix) throw unreadable('no-dfu-suffix')
  if (kind === 'dfu') return [{ address: null, source: sliceSource(source, 0, source.length - suffix.length) }]
  const targets = await readDfuse(source, suffix)
  return targets.flatMap(({ elements }) =>
    elements.map(({ address, offset, length }) => ({ address, source: sliceSource(source, offset, length) })),
  )
}

/** The gaps between payloads that name their addresses, in the order of addresses. */
export function payloadGaps(payloads: readonly Payload[]): readonly Gap[] {
  const placed = payloads
    .flatMap(({ address, source }) => (address === null ? [] : [{ address, end: address + source.length }]))
    .toSorted((a, b) => a.address - b.address)
  return placed.slice(1).flatMap(({ address }, index) => {
    const end = placed[index]?.end ?? address
    if (end > address) throw unreadable('records-overlap', { address })
    return end === address ? [] : [{ address: end, length: address - end }]
  })
}
