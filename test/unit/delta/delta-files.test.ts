import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256, sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { applyDelta } from '../../../electron/host/delta/apply-delta.ts'
import { assemble, fetchedPlaces } from '../../../electron/host/delta/assemble.ts'
import { BLOCK, BlockCheck, blockTable, tableLength } from '../../../electron/host/delta/block-table.ts'
import { chunkProof, decodeChunkIndex } from '../../../electron/host/delta/chunk-index.ts'
import { encodeDeltaHead, type Op, type Segment } from '../../../electron/host/delta/delta-format.ts'
import { findChunks } from '../../../electron/host/delta/find-chunks.ts'
import { makeChunks } from '../../../electron/host/delta/make-chunks.ts'
import { findResidue, makeDelta } from '../../../electron/host/delta/make-delta.ts'
import { compress, decompress, dictionaryRoom, knowsDictionaries } from '../../../electron/host/delta/zstd.ts'
import { versionPair } from '../../fixtures/delta-pair.ts'
import { seeded } from '../../fixtures/seeded.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const never = new AbortController().signal
const bad = (why?: string) =>
  expect.objectContaining({
    code: 'sync.bad-delta',
    ...(why === undefined ? {} : { detail: expect.objectContaining({ why }) }),
  })

function files(contents: Readonly<Record<string, Uint8Array>>) {
  const dir = tempDir()
  const path = (name: string) => join(dir, name)
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(path(name), bytes)
  return path
}

describe('a delta', () => {
  it.each([1, 2, 3])('makes the new file from the older one and brings little (pair %i)', async (seed) => {
    const pair = versionPair(1_500_000, seed)
    const path = files(pair)
    await makeDelta({ old: path('old'), new: path('new'), out: path('delta') })
    const made = await applyDelta(
      { delta: path('delta'), old: path('old'), out: path('out'), length: pair.new.length },
      never,
    )
    expect(made).toEqual({ sha256: sha256Hex(pair.new), length: pair.new.length })
    expect(readFileSync(path('out')).equals(pair.new)).toBe(true)
    await makeDelta({ old: null, new: path('new'), out: path('whole') })
    expect(readFileSync(path('delta')).length).toBeLessThan(readFileSync(path('whole')).length / 4)
  })

  it('from nothing is the whole file, compressed', async () => {
    const { new: wanted } = versionPair(300_000, 4)
    const path = files({ new: wanted, empty: new Uint8Array() })
    for (const name of ['new', 'empty']) {
      await makeDelta({ old: null, new: path(name), out: path('delta') })
      const { length } = readFileSync(path(name))
      const made = await applyDelta({ delta: path('delta'), old: null, out: path('out'), length }, never)
      expect(made.sha256).toBe(sha256Hex(readFileSync(path(name))))
    }
    expect(readFileSync(path('delta')).length).toBeLessThan(100)
  })

  it('copies what is in common and compresses only the rest', async () => {
    const random = seeded(7)
    const [a, b] = [random.bytes(400_000), random.bytes(400_000)]
    const path = files({ old: Buffer.concat([a, b]), new: Buffer.concat([b, a]) })
    const { fresh } = await findResidue(path('old'), path('new'))
    expect(fresh.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(250_000)
  })

  it('takes older bytes that look like a trained dictionary as plain bytes', async () => {
    const random = seeded(8)
    const old = Buffer.concat([Buffer.from('37a430ec', 'hex'), random.bytes(200_000)])
    const changed = Buffer.from(old)
    for (let at = 0; at < changed.length; at += 2000) changed[at + 9] = (changed[at + 9] ?? 0) ^ 1
    const path = files({ old, new: changed })
    await makeDelta({ old: path('old'), new: path('new'), out: path('delta') })
    expect(readFileSync(path('delta')).length).toBeLessThan(20_000)
    const made = await applyDelta(
      { delta: path('delta'), old: path('old'), out: path('out'), length: changed.length },
      never,
    )
    expect(made.sha256).toBe(sha256Hex(changed))
  })

  it('from another older file gives another hash or is refused, never the right one', async () => {
    const pair = versionPair(600_000, 5)
    const wrong = Buffer.from(pair.old)
    wrong.fill(7, 100_000, 200_000)
    const path = files({ ...pair, wrong, shorter: pair.old.subarray(1) })
    await makeDelta({ old: path('old'), new: path('new'), out: path('delta') })
    const apply = (old: string) =>
      applyDelta({ delta: path('delta'), old: path(old), out: path('out'), length: pair.new.length }, never)
    const outcome = await apply('wrong').catch((error: unknown) => error)
    expect(outcome).not.toMatchObject({ sha256: sha256Hex(pair.new) })
    await expect(apply('shorter')).rejects.toEqual(bad('old-length'))
  })

  it('that is cut, or for another length, is refused before it writes', async () => {
    const pair = versionPair(300_000, 6)
    const path = files(pair)
    await makeDelta({ old: path('old'), new: path('new'), out: path('delta') })
    const apply = (length: number) =>
      applyDelta({ delta: path('delta'), old: path('old'), out: path('out'), length }, never)
    await expect(apply(pair.new.length + 1)).rejects.toEqual(bad('length'))
    for (const length of [readFileSync(path('delta')).length - 1, 20, 3]) {
      truncateSync(path('delta'), length)
      await expect(apply(pair.new.length)).rejects.toEqual(bad())
    }
  })

  it('of many frames and copies makes a file of many pieces, and one broken frame makes none', async () => {
    const random = seeded(12)
    const old = random.bytes(3_000_000)
    const segments: Segment[] = []
    const frames: Uint8Array[] = []
    const parts: Uint8Array[] = []
    for (const [index, length] of [300_000, 1, 70_000, 500_000, 40_961].entries()) {
      const bytes = Buffer.concat([old.subarray(index * 1000, index * 1000 + length), random.bytes(length)]).subarray(
        -length,
      )
      const stretches =
        index % 2 === 0
          ? [
              { offset: index * 100_000, length: 90_000 },
              { offset: 0, length: 5 },
            ]
          : []
      const { dictionary, content } = dictionaryRoom(stretches.length > 0 ? 90_005 : 0)
      for (const [place, { offset, length: size }] of stretches.entries())
        content.set(old.subarray(offset, offset + size), place * 90_000)
      const frame = await compress(bytes, { level: 1, dictionary: stretches.length > 0 ? dictionary : null })
      segments.push({ length, frameLength: frame.length, dictionary: stretches })
      frames.push(frame)
      parts.push(bytes)
    }
    const fresh = Buffer.concat(parts)
    const ops: Op[] = []
    const wanted: Uint8Array[] = []
    for (let at = 0; at < fresh.length; at += 49_999) {
      const piece = fresh.subarray(at, at + 49_999)
      const copy = { offset: random.below(1_500_000), length: 1 + random.below(1_500_000) }
      ops.push({ fresh: piece.length }, { copy })
      wanted.push(piece, old.subarray(copy.offset, copy.offset + copy.length))
    }
    const made = Buffer.concat(wanted)
    const head = await encodeDeltaHead({ newLength: made.length, oldLength: old.length, segments, ops })
    const path = files({ old, delta: Buffer.concat([head, ...frames]) })
    const apply = () =>
      applyDelta({ delta: path('delta'), old: path('old'), out: path('out'), length: made.length }, never)
    expect(await apply()).toEqual({ sha256: sha256Hex(made), length: made.length })
    expect(readFileSync(path('out')).equals(made)).toBe(true)
    frames[3]?.fill(0xff, 2, 12)
    writeFileSync(path('delta'), Buffer.concat([head, ...frames]))
    await expect(apply()).rejects.toEqual(bad('frame'))
  })

  it('whose frame grows beyond what it announced is stopped', async () => {
    const frame = await compress(Buffer.alloc(20_000_000), { level: 3, dictionary: null })
    const head = await encodeDeltaHead({
      newLength: 1000,
      oldLength: 0,
      segments: [{ length: 1000, frameLength: frame.length, dictionary: [] }],
      ops: [{ fresh: 1000 }],
    })
    const path = files({ delta: Buffer.concat([head, frame]) })
    const apply = applyDelta({ delta: path('delta'), old: null, out: path('out'), length: 1000 }, never)
    await expect(apply).rejects.toEqual(bad('frame'))
  })

  it('stops when it is told to', async () => {
    const pair = versionPair(300_000, 6)
    const path = files(pair)
    await makeDelta({ old: path('old'), new: path('new'), out: path('delta') })
    const signal = AbortSignal.abort(new Error('enough'))
    const job = { delta: path('delta'), old: path('old'), out: path('out'), length: pair.new.length }
    await expect(applyDelta(job, signal)).rejects.toThrow('enough')
  })
})

describe('zstd', () => {
  it('with a dictionary gives back the bytes, and refuses another dictionary or a broken frame', async () => {
    const random = seeded(9)
    const { dictionary, content } = dictionaryRoom(50_000)
    content.set(random.bytes(50_000))
    const bytes = Buffer.concat([content.subarray(1000, 30_000), random.bytes(100)])
    const frame = await compress(bytes, { level: 19, dictionary })
    expect(frame.length).toBeLessThan(1000)
    expect(Buffer.from(decompress(frame, bytes.length, dictionary)).equals(bytes)).toBe(true)
    expect(() => decompress(frame, bytes.length - 1, dictionary)).toThrow(bad())
    expect(() => decompress(frame, bytes.length + 1, dictionary)).toThrow(bad('size'))
    expect(() => decompress(frame.subarray(0, 60), bytes.length, dictionary)).toThrow(bad())
    expect(() => decompress(random.bytes(300), 300, null)).toThrow(bad('frame'))
  })

  it('is known to work here', () => {
    expect(knowsDictionaries()).toBe(true)
  })
})

describe('a chunk pack', () => {
  async function packed(seed: number) {
    const pair = versionPair(900_000, seed)
    const path = files(pair)
    await makeChunks(path('new'), { pack: path('pack'), index: path('index') })
    const index = decodeChunkIndex(readFileSync(path('index')))
    const found = await findChunks(index, [path('old')], never)
    const pack = readFileSync(path('pack'))
    const missing = index.chunks.filter((_, at) => (found.seed[at] ?? -1) < 0)
    writeFileSync(
      path('fetched'),
      Buffer.concat(missing.map(({ at, packedLength }) => pack.subarray(at, at + packedLength))),
    )
    const job = { index, found, seeds: [path('old')], fetched: path('fetched'), out: path('out') }
    return { pair, path, index, found, pack, missing, job }
  }

  it('proves each chunk of it, and has no gaps', async () => {
    const { index, pack, pair } = await packed(11)
    expect(index).toMatchObject({ packLength: pack.length, length: pair.new.length })
    for (const { at, packedLength, proof } of index.chunks) {
      expect(chunkProof(sha256(pack.subarray(at, at + packedLength)))).toBe(proof)
    }
  })

  it('makes the file from any older one and the chunks that it lacks', async () => {
    const { pair, job, missing, index } = await packed(12)
    expect(missing.length).toBeGreaterThan(0)
    expect(missing.length).toBeLessThan(index.chunks.length / 2)
    expect(await assemble(job, never)).toEqual({ sha256: sha256Hex(pair.new), length: pair.new.length })
  })

  it('opens no chunk that is not the signed one', async () => {
    const { path, job, found, index } = await packed(13)
    const fetched = readFileSync(path('fetched'))
    const [first] = fetchedPlaces(index, found).filter((_, at) => (found.seed[at] ?? -1) < 0)
    fetched[(first ?? 0) + 3] = (fetched[(first ?? 0) + 3] ?? 0) ^ 1
    writeFileSync(path('fetched'), fetched)
    await expect(assemble(job, never)).rejects.toEqual(bad('chunk'))
  })

  it('from a seed that has changed meanwhile ends in another hash', async () => {
    const { pair, path, job } = await packed(14)
    const changed = Buffer.from(pair.old)
    changed.fill(1, 0, 300_000)
    writeFileSync(path('old'), changed)
    expect((await assemble(job, never)).sha256).not.toBe(sha256Hex(pair.new))
  })
})

describe('a block table', () => {
  const content = seeded(15).bytes(BLOCK * 2 + 1000)

  it('is empty for what is one block, and has a hash a block otherwise', async () => {
    const path = files({ small: content.subarray(0, BLOCK), large: content })
    expect(await blockTable(path('small'), BLOCK)).toBeNull()
    expect((await blockTable(path('large'), content.length))?.length).toBe(96)
    expect([tableLength(BLOCK), tableLength(content.length)]).toEqual([0, 96])
  })

  it('gives out a block when it is proved, whatever the pieces, and nothing of a wrong one', async () => {
    const path = files({ large: content })
    const table = (await blockTable(path('large'), content.length)) ?? new Uint8Array()
    for (const size of [1000, BLOCK, 700_000]) {
      const check = new BlockCheck(table, content.length)
      const out: Buffer[] = []
      for (let at = 0; at < content.length; at += size) {
        for (const block of check.push(content.subarray(at, at + size))) out.push(Buffer.from(block))
      }
      expect(Buffer.concat(out).equals(content)).toBe(true)
    }
    const wrong = Buffer.from(content)
    wrong[BLOCK + 5] = (wrong[BLOCK + 5] ?? 0) ^ 1
    const check = new BlockCheck(table, content.length)
    const blocks = check.push(wrong)
    expect(blocks.next().value).toHaveLength(BLOCK)
    expect(blocks.next()).toEqual({ done: true, value: false })
    expect(check.proved).toBe(BLOCK)
  })
})
