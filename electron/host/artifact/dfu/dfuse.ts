import { type ArtifactSource, readExactly, unreadable } from '../source.ts'
import type { DfuSuffix } from './suffix.ts'

/** ST UM0391: little-endian. */
const PREFIX_SIZE = 11
const TARGET_SIZE = 274
const ELEMENT_SIZE = 8
const NAME_SIZE = 255
export const DFUSE_SIGNATURE = 'DfuSe'
const VERSION = 1
/** A part has a handful of areas; more elements than this are an attack. */
const MAX_ELEMENTS = 4096

/** Bytes for one address of one memory of the device. */
export interface DfuseElement {
  readonly address: number
  /** In the file. */
  readonly offset: number
  readonly length: number
}

/** What goes to one alternate setting of the device. */
export interface DfuseTarget {
  readonly alternate: number
  readonly name: string | null
  readonly elements: readonly DfuseElement[]
}

/** Targets and elements of a DfuSe file. All lengths must agree with each other. Throws `artifact.unreadable`. */
export async function readDfuse(source: ArtifactSource, suffix: DfuSuffix): Promise<readonly DfuseTarget[]> {
  const prefix = Buffer.from(await readExactly(source, 0, PREFIX_SIZE))
  if (prefix.toString('latin1', 0, 5) !== DFUSE_SIGNATURE) throw unreadable('not-dfuse')
  if (prefix.readUInt8(5) !== VERSION) throw unreadable('dfuse-version', { version: prefix.readUInt8(5) })
  const end = prefix.readUInt32LE(6)
  if (end !== source.length - suffix.length) throw unreadable('dfuse-length', { length: end })
  const targets: DfuseTarget[] = []
  let [at, elements] = [PREFIX_SIZE, 0]
  for (let left = prefix.readUInt8(10); left > 0; left -= 1) {
    const target = await readTarget(source, at, end, MAX_ELEMENTS - elements)
    targets.push(target.target)
    elements += target.target.elements.length
    at = target.end
  }
  if (at !== end) throw unreadable('dfuse-length', { length: at })
  return targets
}

async function readTarget(source: ArtifactSource, from: number, end: number, maxElements: number) {
  if (from + TARGET_SIZE > end) throw unreadable('dfuse-target', { at: from })
  const head = Buffer.from(await readExactly(source, from, TARGET_SIZE))
  if (head.toString('latin1', 0, 6) !== 'Target') throw unreadable('dfuse-target', { at: from })
  const size = head.readUInt32LE(266)
  const count = head.readUInt32LE(270)
  const targetEnd = from + TARGET_SIZE + size
  if (targetEnd > end || count > maxElements) throw unreadable('dfuse-target', { at: from })
  const elements: DfuseElement[] = []
  let at = from + TARGET_SIZE
  for (let left = count; left > 0; left -= 1) {
    if (at + ELEMENT_SIZE > targetEnd) throw unreadable('dfuse-element', { at })
    const element = Buffer.from(await readExactly(source, at, ELEMENT_SIZE))
    const [address, length] = [element.readUInt32LE(0), element.readUInt32LE(4)]
    const offset = at + ELEMENT_SIZE
    if (offset + length > targetEnd || address + length > 2 ** 32) throw unreadable('dfuse-element', { at })
    elements.push({ address, offset, length })
    at = offset + length
  }
  if (at !== targetEnd) throw unreadable('dfuse-target', { at: from })
  const named = head.readUInt32LE(7) !== 0
  const name = head.toString('latin1', 11, 11 + NAME_SIZE).replace(/\0[\s\S]*$/, '')
  const target: DfuseTarget = { alternate: head.readUInt8(6), name: named ? name : null, elements }
  return { target, end: targetEnd }
}
