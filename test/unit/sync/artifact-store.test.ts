import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { artifactBench } from '../../fixtures/artifact-bench.ts'

const never = new AbortController().signal
const MIB = 1024 * 1024

function held(bytes: Uint8Array) {
  const bench = artifactBench()
  const sha256 = sha256Hex(bytes)
  const path = bench.store.path(sha256)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  bench.rows.add({ sha256, length: bytes.length, storedAt: 1 })
  return { ...bench, sha256, path }
}

describe('reading', () => {
  const content = randomBytes(2 * MIB + 12_345)

  it('gives any part of it', async () => {
    const bench = held(content)
    const reader = await bench.store.open(bench.sha256, never)
    const anywhere = fc.tuple(fc.nat(content.length + 10), fc.nat(3 * MIB))
    await fc.assert(
      fc.asyncProperty(anywhere, async ([offset, length]) => {
        const part = await reader.read(offset, length)
        expect(Buffer.compare(part, content.subarray(offset, offset + length))).toBe(0)
      }),
      { numRuns: 50 },
    )
    await reader.close()
  })

  it('gives all of it in order', async () => {
    const bench = held(content)
    const reader = await bench.store.open(bench.sha256, never)
    const parts: Uint8Array[] = []
    for await (const part of reader.stream(never)) parts.push(part)
    expect(sha256Hex(...parts)).toBe(bench.sha256)
    await reader.close()
  })

  it('does not give what was changed after it was verified', async () => {
    const changed = held(content)
    const reader = await changed.store.open(changed.sha256, never)
    await expect(reader.read(MIB, 10)).resolves.toHaveLength(10)
    const bad = Buffer.from(content)
    bad[10]! ^= 1
    writeFileSync(changed.path, bad)
    await expect(reader.read(MIB, 10)).resolves.toHaveLength(10)
    await expect(reader.read(0, 100)).rejects.toMatchObject({ code: 'artifact.corrupt' })
    await expect(reader.read(0, MIB)).rejects.toMatchObject({ code: 'artifact.corrupt' })
    writeFileSync(changed.path, content.subarray(0, 100))
    await expect(reader.read(2 * MIB, 10)).rejects.toMatchObject({ code: 'artifact.corrupt' })
    await reader.close()
  })

  it('what it gave belongs to whoever asked, a whole block too', async () => {
    const bench = held(content)
    const reader = await bench.store.open(bench.sha256, never)
    for (const [offset, length] of [
      [0, MIB],
      [5, 10],
      [0, MIB],
      [2 * MIB, MIB],
    ] as const) {
      const given = await reader.read(offset, length)
      expect(Buffer.compare(given, content.subarray(offset, offset + length))).toBe(0)
      given.fill(0)
    }
    await reader.close()
  })

  it('several readings at once each get their own bytes, in the memory that they gave', async () => {
    const bench = held(content)
    const reader = await bench.store.open(bench.sha256, never)
    const size = 600_000
    const memories = [0, 1, 2].map(() => new Uint8Array(MIB))
    for (let round = 0; round < 8; round += 1) {
      const starts = memories.map((_, index) => ((round + index * 3) * 210_000) % content.length)
      const given = await Promise.all(starts.map((at, index) => reader.read(at, size, memories[index])))
      for (const [index, part] of given.entries()) {
        const start = starts[index] ?? 0
        expect(Buffer.compare(part, content.subarray(start, start + size))).toBe(0)
        expect(part.buffer).toBe(memories[index]?.buffer)
      }
    }
    await reader.close()
  })

  it('an empty one is empty', async () => {
    const empty = held(new Uint8Array())
    const reader = await empty.store.open(empty.sha256, never)
    expect(await reader.read(0, 10)).toHaveLength(0)
    await reader.close()
  })
})

describe('opening', () => {
  it('refuses what is not as it was stored, and forgets it, so that it is fetched again', async () => {
    const { store, sha256, path } = held(Buffer.from('firmware'))
    writeFileSync(path, 'f1rmware')
    await expect(store.open(sha256, never)).rejects.toMatchObject({ code: 'artifact.corrupt' })
    expect(store.has(sha256)).toBe(false)
    await expect(store.open(sha256, never)).rejects.toMatchObject({ code: 'artifact.missing' })
  })

  it('says when the file has gone', async () => {
    const { store, sha256, path } = held(Buffer.from('firmware'))
    rmSync(path)
    await expect(store.open(sha256, never)).rejects.toMatchObject({ code: 'artifact.missing' })
    expect(store.has(sha256)).toBe(false)
  })

  it('does not count a file that was never recorded', async () => {
    const { store, dir } = artifactBench()
    const sha256 = sha256Hex('x')
    mkdirSync(join(dir, sha256.slice(0, 2)), { recursive: true })
    writeFileSync(store.path(sha256), 'x')
    expect(store.has(sha256)).toBe(false)
    await expect(store.open(sha256, never)).rejects.toMatchObject({ code: 'artifact.missing' })
  })
})

it('sweeps what nobody wants, parts and litter too', async () => {
  const { store, rows, dir } = artifactBench()
  const keep = sha256Hex('keep')
  for (const text of ['keep', 'go']) {
    const sha256 = sha256Hex(text)
    mkdirSync(dirname(store.path(sha256)), { recursive: true })
    writeFileSync(store.path(sha256), text)
    rows.add({ sha256, length: text.length, storedAt: 1 })
  }
  const half = sha256Hex('half')
  mkdirSync(dirname(store.path(half)), { recursive: true })
  writeFileSync(`${store.path(half)}.part`, 'ha')
  rows.setPart({ sha256: half, length: 4, etag: null, startedAt: 1 })
  expect(await store.sweep(new Set([keep]))).toBe(2)
  expect(rows.all().map(({ sha256 }) => sha256)).toEqual([keep])
  expect(rows.part(half)).toBeNull()
  expect(existsSync(store.path(keep))).toBe(true)
  expect(readdirSync(dir).flatMap((folder) => readdirSync(join(dir, folder)))).toEqual([keep])
  expect(store.totalBytes()).toBe(4)
})
