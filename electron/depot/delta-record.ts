import { join } from 'node:path'
import { z } from 'zod'
import { type FileFacts, WAYS_FOLDER, Ways, WaysPointer } from '../../shared/model/ways.ts'
import { validate } from '../host/trust/documents.ts'
import { readFileIfAny, writeFileDurably } from './files.ts'

/** What was made for one artifact, as the depot keeps it. */
const WaysRecord = z.strictObject({
  format: z.literal('slipway.depot-ways/1'),
  pointer: WaysPointer,
  ways: Ways,
})
export type WaysRecord = z.infer<typeof WaysRecord>

/** Null when nothing was made for it yet. */
export async function readWays(dir: string, sha256: string): Promise<WaysRecord | null> {
  const path = join(dir, `${sha256}.json`)
  const bytes = await readFileIfAny(path)
  return bytes && validate(WaysRecord, path, bytes)
}

export async function writeWays(dir: string, record: WaysRecord): Promise<void> {
  await writeFileDurably(join(dir, `${record.ways.sha256}.json`), `${JSON.stringify(record, null, 2)}\n`)
}

/** Every file that a record names: ordinary targets, so that any client and any mirror knows them. */
export function wayTargets({ pointer, ways }: WaysRecord): ({ readonly path: string } & FileFacts)[] {
  const { sha256, blocks, compressed, deltas, chunks } = ways
  const files = [...(compressed ? [compressed] : []), ...deltas.flatMap((delta) => delta.files)]
  if (chunks) files.push(chunks.index)
  const tables = files.flatMap((file) => (file.blocks ? [{ name: tableName(file.name), ...file.blocks }] : []))
  return [
    pointer,
    ...(blocks ? [{ name: tableName(shortName(sha256)), ...blocks }] : []),
    ...files,
    ...tables,
    ...(chunks ? [chunks.pack] : []),
  ].map(({ name, length, sha256 }) => ({ path: `${WAYS_FOLDER}${name}`, length, sha256 }))
}

/** By which files beside an artifact are called after it. */
export function shortName(sha256: string): string {
  return sha256.slice(0, 16)
}

export function tableName(name: string): string {
  return `${name}.blk`
}
