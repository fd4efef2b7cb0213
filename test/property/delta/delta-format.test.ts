import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeChunkIndex, encodeChunkIndex } from '../../../electron/host/delta/chunk-index.ts'
import { chunks } from '../../../electron/host/delta/chunker.ts'
import {
  DELTA_PREFIX,
  type DeltaHead,
  decodeDeltaHead,
  encodeDeltaHead,
  headLengths,
} from '../../../electron/host/delta/delta-format.ts'
import { dictionaryFor, split } from '../../../electron/host/delta/make-delta.ts'
import { VarintReader, VarintWriter } from '../../../electron/host/delta/varints.ts'
import { isAppError } from '../../../shared/errors.ts'

const stretch = (end: number) =>
  fc.tuple(fc.nat(end - 1), fc.integer({ min: 1, max: end })).map(([offset, length]) => ({
    offset,
    length: Math.min(length, end - offset),
  }))

/** A head that agrees with itself. */
const head = fc
  .record({
    oldLength: fc.integer({ min: 1, max: 5_000_000_000 }),
    fresh: fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 8 }),
    frames: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 8, maxLength: 8 }),
  })
  .chain(({ oldLength, fresh, frames }) =>
    fc
      .tuple(
        fc.array(stretch(oldLength), { maxLength: 8 }),
        fc.array(stretch(Math.min(oldLength, 1_000_000)), { maxLength: 8 }),
      )
      .map(([copies, dictionary]): DeltaHead => {
        const ops = [...copies.map((copy) => ({ copy })), ...fresh.map((length) => ({ fresh: length }))]
        const segments = fresh.map((length, index) => ({ length, frameLength: frames[index] ?? 0, dictionary }))
        const newLength = [...copies.map(({ length }) => length), ...fresh].reduce((sum, length) => sum + length, 0)
        return { newLength, oldLength, segments, ops }
      }),
  )

function read(bytes: Uint8Array, framesLength: number): DeltaHead {
  const { raw, packed } = headLengths(bytes.subarray(0, DELTA_PREFIX))
  return decodeDeltaHead(bytes.subarray(DELTA_PREFIX, DELTA_PREFIX + packed), raw, framesLength)
}

/** Whatever it is given, it ends in a value or in a coded error. */
function ending(work: () => unknown): string {
  try {
    work()
    return 'read'
  } catch (error) {
    return isAppError(error, 'sync.bad-delta') ? 'refused' : String(error)
  }
}
const endings = expect.stringMatching(/^(?:read|refused)$/)

describe('numbers', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 })), (numbers) => {
        const out = new VarintWriter()
        for (const number of numbers) {
          out.int(number)
          out.uint(Math.abs(number))
        }
        const from = new VarintReader(out.finish())
        for (const number of numbers) expect([from.int(), from.uint()]).toEqual([number, Math.abs(number)])
        from.end()
      }),
    )
  })
})

describe('the head of a delta', () => {
  it('comes back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(head, async (written) => {
        const frames = written.segments.reduce((sum, { frameLength }) => sum + frameLength, 0)
        expect(read(await encodeDeltaHead(written), frames)).toEqual(written)
      }),
    )
  })

  it('that lies about anything is refused', async () => {
    await fc.assert(
      fc.asyncProperty(head, fc.integer({ min: 0, max: 3 }), async (honest, lie) => {
        const frames = honest.segments.reduce((sum, { frameLength }) => sum + frameLength, 0)
        const lies: DeltaHead[] = [
          { ...honest, newLength: honest.newLength + 1 },
          { ...honest, ops: [...honest.ops, { copy: { offset: honest.oldLength, length: 1 } }] },
          { ...honest, segments: [...honest.segments, { length: 5, frameLength: 0, dictionary: [] }] },
          { ...honest, segments: [...honest.segments, { length: 2 ** 40, frameLength: 0, dictionary: [] }] },
        ]
        const bytes = await encodeDeltaHead(lies[lie] ?? honest)
        expect(() => read(bytes, frames)).toThrow(expect.objectContaining({ code: 'sync.bad-delta' }))
        const good = await encodeDeltaHead(honest)
        expect(() => read(good, frames + 1)).toThrow(expect.objectContaining({ code: 'sync.bad-delta' }))
      }),
    )
  })

  it('of any bytes at all is read or refused', async () => {
    const honest = await encodeDeltaHead({
      newLength: 30,
      oldLength: 100,
      segments: [{ length: 10, frameLength: 4, dictionary: [{ offset: 3, length: 9 }] }],
      ops: [{ copy: { offset: 7, length: 20 } }, { fresh: 10 }],
    })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(ending(() => read(bytes, 4))).toEqual(endings)
      }),
    )
    fc.assert(
      fc.property(fc.nat(honest.length - 1), fc.nat(255), (at, value) => {
        const bent = Uint8Array.from(honest)
        bent[at] = value
        expect(ending(() => read(bent, 4))).toEqual(endings)
      }),
    )
  })
})

describe('the index of a chunk pack', () => {
  const chunk = fc.record({
    id: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    proof: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    length: fc.integer({ min: 1, max: 65_536 }),
  })

  it('comes back as it was written', async () => {
    const listed = fc.array(chunk, { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(listed, fc.array(fc.nat(39), { maxLength: 80 }), async (found, places) => {
        const written = found.map((one) => ({ ...one, packedLength: Math.ceil(one.length / 2) }))
        const order = places.map((place) => place % written.length)
        const index = decodeChunkIndex(await encodeChunkIndex(written, order))
        expect(
          index.chunks.map(({ id, proof, length, packedLength }) => ({ id, proof, length, packedLength })),
        ).toEqual(written)
        expect([...index.order]).toEqual(order)
        expect(index.length).toBe(order.reduce((sum, at) => sum + (written[at]?.length ?? 0), 0))
        expect(index.packLength).toBe(written.reduce((sum, { packedLength }) => sum + packedLength, 0))
      }),
    )
  })

  it('of any bytes at all is read or refused', async () => {
    const proof = 'ab'.repeat(16)
    const honest = await encodeChunkIndex([{ id: 'cd'.repeat(8), proof, length: 500, packedLength: 300 }], [0, 0, 0])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(ending(() => decodeChunkIndex(bytes))).toEqual(endings)
      }),
    )
    fc.assert(
      fc.property(fc.nat(honest.length - 1), fc.nat(255), (at, value) => {
        const bent = Uint8Array.from(honest)
        bent[at] = value
        expect(ending(() => decodeChunkIndex(bent))).toEqual(endings)
      }),
    )
  })

  it('refuses a chunk outside of it, and one that grows', async () => {
    const [id, proof] = ['cd'.repeat(8), 'ab'.repeat(16)]
    const bad = [
      encodeChunkIndex([{ id, proof, length: 500, packedLength: 300 }], [1]),
      encodeChunkIndex([{ id, proof, length: 70_000, packedLength: 300 }], [0]),
      encodeChunkIndex([{ id, proof, length: 500, packedLength: 501 }], [0]),
    ]
    for (const bytes of await Promise.all(bad)) {
      expect(() => decodeChunkIndex(bytes)).toThrow(expect.objectContaining({ code: 'sync.bad-delta' }))
    }
  })
})

describe('chunks', () => {
  const cut = async (parts: readonly Uint8Array[]) => {
    const found: { offset: number; text: string }[] = []
    for await (const { offset, bytes } of chunks(parts))
      found.push({ offset, text: Buffer.from(bytes).toString('latin1') })
    return found
  }
  const content = fc.uint8Array({ minLength: 0, maxLength: 2000 }).map((bytes) => {
    const long = Buffer.concat(
      Array.from({ length: 150 }, (_, index) => Buffer.from(bytes).map((byte) => byte ^ (index * 7))),
    )
    return Uint8Array.from(long)
  })

  it('make up the whole, however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 100_000 }), async (bytes, size) => {
        const whole = await cut([bytes])
        expect(whole.map(({ text }) => text).join('')).toBe(Buffer.from(bytes).toString('latin1'))
        const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        expect(await cut(parts)).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })
})

describe('segments and dictionaries', () => {
  const stretches = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }).map((lengths) => {
    let offset = 0
    return lengths.map((length) => {
      offset += length + 5
      return { offset: offset - length, length }
    })
  })
  const sum = (list: readonly { length: number }[]) => list.reduce((total, { length }) => total + length, 0)

  it('a split loses nothing and keeps to its size', () => {
    fc.assert(
      fc.property(stretches, fc.integer({ min: 1, max: 5000 }), (list, size) => {
        const groups = split(list, size)
        expect(sum(groups.flat())).toBe(sum(list))
        for (const group of groups.slice(0, -1)) expect(sum(group)).toBe(size)
        expect(sum(groups.at(-1) ?? [])).toBeLessThanOrEqual(size)
      }),
    )
  })

  it('a dictionary is as large as it may be, and part of what is gone', () => {
    fc.assert(
      fc.property(stretches, stretches, fc.integer({ min: 2, max: 5000 }), (segment, gone, size) => {
        const chosen = dictionaryFor(segment, gone, size)
        expect(sum(chosen)).toBe(Math.min(sum(gone), Math.floor(size)))
        for (const { offset, length } of chosen) {
          expect(gone.some((whole) => whole.offset <= offset && offset + length <= whole.offset + whole.length)).toBe(
            true,
          )
        }
      }),
    )
  })
})
