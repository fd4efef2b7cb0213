import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type FileFacts, WAYS_FOLDER, type WayFile, type Ways } from '../../shared/model/ways.ts'
import { randomHex } from '../host/crypto/random.ts'
import { blockTable } from '../host/delta/block-table.ts'
import { makeChunks } from '../host/delta/make-chunks.ts'
import { makeDelta } from '../host/delta/make-delta.ts'
import { storeArtifact } from './artifact-intake.ts'
import { shortName, tableName, type WaysRecord } from './delta-record.ts'
import type { Release } from './delta-releases.ts'
import { fileError } from './files.ts'
import type { DepotLayout } from './layout.ts'
import { targetPlace } from './publish.ts'

/** Smaller artifacts are fetched whole: the requests for anything else would cost more than it saves. */
export const WAYS_FROM = 64 * 1024
/** A way that saves less than a tenth is not worth its place. */
const WORTH = 0.9

export interface WayMaking {
  readonly layout: DepotLayout
  /** Deltas are made from so many releases. */
  readonly count: number
  /** What was made for older releases; null: nothing. */
  readonly recordOf: (sha256: string) => Promise<WaysRecord | null>
}

/** Makes every way to one artifact; `before`: the releases before it, newest first. Throws `file.*`, `disk.full`. */
export async function makeWays(release: Release, before: readonly Release[], making: WayMaking): Promise<WaysRecord> {
  const { layout, count } = making
  const path = placeOf(layout, release)
  const name = shortName(release.sha256)
  const make = (fileName: string, work: (out: string) => Promise<void>) => stored(layout, fileName, work)
  const whole = await make(`${name}.delta`, (out) => makeDelta({ old: null, new: path, out }))
  const compressed = whole.length < release.length * WORTH ? whole : null
  const best = compressed?.length ?? release.length
  const deltas: Ways['deltas'] = []
  for (const old of before.slice(0, count)) {
    const out = `${name}.from.${shortName(old.sha256)}.delta`
    const file = await make(out, (part) => makeDelta({ old: placeOf(layout, old), new: path, out: part }))
    if (file.length < best * WORTH) deltas.push({ from: fromOf(old), via: null, files: [file] })
  }
  deltas.push(...(await chains(deltas, before.slice(count, 3 * count), best, making)))
  const chunks = await makePack(layout, name, path, best)
  const table = await tableOf(layout, tableName(name), path, release.length)
  const { sha256, length } = release
  const ways: Ways = { format: 'slipway.ways/1', sha256, length, blocks: table, compressed, deltas, chunks }
  const document = Buffer.from(JSON.stringify(ways))
  const pointer = {
    name: `${name}.ways.json`,
    ...(await storeArtifact(layout, `${WAYS_FOLDER}${name}.ways.json`, document)),
  }
  return { format: 'slipway.depot-ways/1', pointer, ways }
}

/** From releases that are too old for a delta of their own: through one that has one. */
async function chains(
  direct: Ways['deltas'],
  older: readonly Release[],
  best: number,
  { recordOf }: WayMaking,
): Promise<Ways['deltas']> {
  const found: Ways['deltas'] = []
  for (const old of older) {
    const ways: Ways['deltas'] = []
    for (const last of direct) {
      const record = await recordOf(last.from.sha256)
      const first = record?.ways.deltas.find(({ from, via }) => via === null && from.sha256 === old.sha256)
      const { sha256, length } = last.from
      if (first) ways.push({ from: fromOf(old), via: { sha256, length }, files: [...first.files, ...last.files] })
    }
    const cheapest = ways.toSorted((a, b) => bytesOf(a) - bytesOf(b))[0]
    if (cheapest && bytesOf(cheapest) < best * WORTH) found.push(cheapest)
  }
  return found
}

async function makePack(layout: DepotLayout, name: string, path: string, best: number): Promise<Ways['chunks']> {
  const [index, pack] = [partPlace(layout), partPlace(layout)]
  try {
    await makeChunks(path, { index, pack })
    // From a file that has nothing in common it must not be worse than all of it.
    if ((await stat(index)).size > best / 4) return null
    const { blocks: _, ...packed } = await stored(layout, `${name}.pack`, null, pack)
    return { index: await stored(layout, `${name}.index`, null, index), pack: packed }
  } finally {
    for (const part of [index, pack]) await rm(part, { force: true })
  }
}

/** Makes a file, and puts it and its block table where consoles will fetch them. */
async function stored(
  layout: DepotLayout,
  name: string,
  work: ((out: string) => Promise<void>) | null,
  part = partPlace(layout),
): Promise<WayFile> {
  try {
    await mkdir(join(layout.targets, WAYS_FOLDER), { recursive: true })
    await work?.(part)
    const { sha256, length } = await storeArtifact(layout, `${WAYS_FOLDER}${name}`, part)
    return { name, sha256, length, blocks: await tableOf(layout, tableName(name), part, length) }
  } catch (error) {
    throw fileError(error, name)
  } finally {
    await rm(part, { force: true })
  }
}

async function tableOf(layout: DepotLayout, name: string, path: string, length: number): Promise<FileFacts | null> {
  const table = await blockTable(path, length)
  return table && storeArtifact(layout, `${WAYS_FOLDER}${name}`, table)
}

function placeOf(layout: DepotLayout, { path, sha256 }: Release): string {
  return targetPlace(layout, path, sha256)
}

function partPlace(layout: DepotLayout): string {
  return join(layout.targets, WAYS_FOLDER, `${randomHex(8)}.part`)
}

function fromOf({ sha256, length, slipway: { version } }: Release): Ways['deltas'][number]['from'] {
  return { sha256, length, version }
}

function bytesOf({ files }: Ways['deltas'][number]): number {
  return files.reduce((sum, { length, blocks }) => sum + length + (blocks?.length ?? 0), 0)
}
