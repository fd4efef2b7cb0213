import type { ArtifactFact, ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { containedFacts } from '../contained.ts'
import { areaText } from '../dfu/inspect.ts'
import { type ArtifactSource, memorySource } from '../source.ts'
import { readIntelHex } from './intel-hex.ts'
import { gapsIn, type MemoryImage } from './memory-image.ts'
import { readSrec } from './srec.ts'
import { readUf2, type Uf2Family } from './uf2.ts'

export type RecordKind = 'srec' | 'intel-hex' | 'uf2'

const MAX_SHOWN = 50

/** What memory a hex file fills. Throws `artifact.unreadable`, `artifact.corrupt`. */
export async function inspectRecords(
  source: ArtifactSource,
  kind: RecordKind,
  signers: readonly SignerKey[],
): Promise<ArtifactFacts> {
  const { families, header } = await memoriesIn(source, kind)
  const [only] = families
  const [segment] = only?.memory.segments ?? []
  const alone = families.length === 1 && only?.memory.segments.length === 1 && segment
  const inner = await containedFacts(alone ? memorySource(segment.bytes) : null, signers)
  return {
    kind,
    ...inner,
    facts: [
      ...(header === null ? [] : [{ name: 'description' as const, value: header }]),
      ...families.flatMap(familyFacts).slice(0, MAX_SHOWN),
      ...inner.facts,
    ],
  }
}

/** The memory in the file, one image a family of chips. Throws `artifact.unreadable`, `artifact.corrupt`. */
export async function memoriesIn(
  source: ArtifactSource,
  kind: RecordKind,
): Promise<{ readonly families: readonly Uf2Family[]; readonly header: string | null }> {
  if (kind === 'uf2') return { families: await readUf2(source), header: null }
  if (kind === 'intel-hex') return { families: [{ id: null, memory: await readIntelHex(source) }], header: null }
  const { memory, header } = await readSrec(source)
  return { families: [{ id: null, memory }], header }
}

function familyFacts({ id, memory }: Uf2Family): ArtifactFact[] {
  const gaps = gapsIn(memory)
  const bytes = gaps.reduce((sum, gap) => sum + gap.length, 0)
  return [
    ...(id === null ? [] : [{ name: 'family' as const, value: hex(id) }]),
    ...areas(memory),
    ...(gaps.length === 0 ? [] : [{ name: 'gaps' as const, value: `${gaps.length} (${bytes} B)` }]),
    ...(memory.start === null ? [] : [{ name: 'start-address' as const, value: hex(memory.start) }]),
  ]
}

function areas({ segments }: MemoryImage): ArtifactFact[] {
  return segments.map(({ address, bytes }) => ({ name: 'memory-area', value: areaText(address, bytes.length) }))
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
