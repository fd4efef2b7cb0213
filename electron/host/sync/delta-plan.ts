import type { WayFile, Ways } from '../../../shared/model/ways.ts'

/** One delta of a way, and what it makes. */
export interface DeltaStep {
  readonly file: WayFile
  readonly makes: { readonly sha256: string; readonly length: number }
}

interface Common {
  /** Bytes that it moves, tables included; of `chunks` the least that it can. */
  readonly bytes: number
}

/** Deltas one after the other, from an artifact that is held or from nothing. */
export interface DeltaWay extends Common {
  readonly kind: 'delta' | 'chain' | 'compressed'
  readonly from: { readonly sha256: string; readonly version: string } | null
  readonly steps: readonly DeltaStep[]
}

export interface ChunksWay extends Common {
  readonly kind: 'chunks'
  readonly chunks: NonNullable<Ways['chunks']>
}

export interface WholeWay extends Common {
  readonly kind: 'whole'
}

export type Way = DeltaWay | ChunksWay | WholeWay

export interface PlanFacts {
  /** Of the artifact, as signed. */
  readonly length: number
  /** Null where the publisher made none, or none that can be read. */
  readonly ways: Ways | null
  readonly held: (sha256: string) => boolean
  /** Whether there is any older file in which chunks may be found. */
  readonly seeds: boolean
  /** Whether this run-time can open what a dictionary has compressed. */
  readonly dictionaries: boolean
}

/**
 * Every way that is open, the cheapest first; the whole is always among them. Chunks stand before what they may
 * beat: what they really cost is known when their index is here. Pure.
 */
export function openWays({ length, ways, held, seeds, dictionaries }: PlanFacts): Way[] {
  const whole: Way = { kind: 'whole', bytes: length + (ways?.blocks?.length ?? 0) }
  if (!ways) return [whole]
  const makes = { sha256: ways.sha256, length: ways.length }
  const open: Way[] = [whole]
  if (ways.compressed) {
    const steps = [{ file: ways.compressed, makes }]
    open.push({ kind: 'compressed', from: null, steps, bytes: bytesOf(steps) })
  }
  for (const { from, via, files } of ways.deltas) {
    const [first, second] = files
    if (!dictionaries || !held(from.sha256) || !first || (via === null) !== (second === undefined)) continue
    const steps =
      via && second
        ? [
            { file: first, makes: via },
            { file: second, makes },
          ]
        : [{ file: first, makes }]
    open.push({ kind: via ? 'chain' : 'delta', from, steps, bytes: bytesOf(steps) })
  }
  if (ways.chunks && seeds) {
    const { index } = ways.chunks
    open.push({ kind: 'chunks', chunks: ways.chunks, bytes: index.length + (index.blocks?.length ?? 0) })
  }
  const deltas = open.some(({ kind }) => kind === 'delta' || kind === 'chain')
  return open.toSorted((a, b) => a.bytes - b.bytes).toSorted((a, b) => rank(a, deltas) - rank(b, deltas))
}

/** What is made for a version that is held beats what is made for any. */
function rank({ kind }: Way, deltas: boolean): number {
  return kind === 'chunks' && deltas ? 1 : kind === 'compressed' || kind === 'whole' ? 2 : 0
}

function bytesOf(steps: readonly DeltaStep[]): number {
  return steps.reduce((sum, { file }) => sum + file.length + (file.blocks?.length ?? 0), 0)
}
