import type { ArtifactFact, ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { type Contained, containedFacts } from '../contained.ts'
import { type ArtifactSource, sliceSource, unreadable } from '../source.ts'
import { type DfuseTarget, readDfuse } from './dfuse.ts'
import { ANY_ID, checkDfuCrc, type DfuSuffix, readDfuSuffix } from './suffix.ts'

const MAX_SHOWN = 50

/** Bytes with a DFU suffix. Throws `artifact.unreadable`, `artifact.corrupt` (its CRC does not fit). */
export async function inspectDfu(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const suffix = await readDfuSuffix(source)
  if (!suffix) throw unreadable('no-dfu-suffix')
  await checkDfuCrc(source, suffix, 'dfu')
  const payload = sliceSource(source, 0, source.length - suffix.length)
  return facts('dfu', suffix, [], await containedFacts(payload, signers))
}

/** ST's container. Throws `artifact.unreadable`, `artifact.corrupt` (its CRC does not fit). */
export async function inspectDfuse(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const suffix = await readDfuSuffix(source)
  if (!suffix) throw unreadable('no-dfu-suffix')
  await checkDfuCrc(source, suffix, 'dfuse')
  const targets = await readDfuse(source, suffix)
  const elements = targets.flatMap((target) => target.elements)
  const [only] = elements
  const inner = only && elements.length === 1 ? sliceSource(source, only.offset, only.length) : null
  return facts('dfuse', suffix, targets.flatMap(targetFacts).slice(0, MAX_SHOWN), await containedFacts(inner, signers))
}

function facts(kind: 'dfu' | 'dfuse', suffix: DfuSuffix, more: readonly ArtifactFact[], inner: Contained) {
  return {
    kind,
    ...inner,
    facts: [
      { name: 'usb-id' as const, value: `${id(suffix.vendor)}:${id(suffix.product)}` },
      ...(suffix.device === ANY_ID ? [] : [{ name: 'usb-device' as const, value: id(suffix.device) }]),
      { name: 'dfu-version' as const, value: `${suffix.dfuVersion >> 8}.${(suffix.dfuVersion & 0xff).toString(16)}` },
      ...more,
      ...inner.facts,
    ],
  }
}

function targetFacts({ alternate, name, elements }: DfuseTarget): ArtifactFact[] {
  return [
    { name: 'target', value: name === null || name === '' ? String(alternate) : `${alternate} ${name}` },
    ...elements.map(({ address, length }) => ({ name: 'memory-area' as const, value: areaText(address, length) })),
  ]
}

/** `0x08000000 + 1234 B`: where, and how many bytes. */
export function areaText(address: number, length: number): string {
  return `0x${address.toString(16).padStart(8, '0')} + ${length} B`
}

function id(value: number): string {
  return value === ANY_ID ? '*' : value.toString(16).padStart(4, '0')
}
