import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import type { AppError } from '../../../shared/errors.ts'
import { artifactBench } from '../../fixtures/artifact-bench.ts'
import { type ServedFile, serveFile } from '../../fixtures/file-server.ts'
import { smallDisk } from '../../fixtures/tmpfs.ts'

const content = randomBytes(300_000)
const wanted = { sha256: sha256Hex(content), length: content.length }

async function scene(file: Partial<ServedFile> = {}, bench = artifactBench()) {
  const served: ServedFile = { bytes: content, ...file }
  const server = await serveFile(served)
  const final = bench.store.path(wanted.sha256)
  const fetch = (signal = new AbortController().signal, onProgress?: (done: number) => void) =>
    bench.download.fetch(wanted, server.url, onProgress ? { signal, onProgress } : { signal })
  return { ...bench, served, ...server, final, part: `${final}.part`, fetch }
}

it('brings a file to its name, whole', async () => {
  const { fetch, final, part } = await scene()
  const seen: number[] = []
  await fetch(undefined, (done) => seen.push(done))
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
  expect(existsSync(part)).toBe(false)
  expect(seen.at(-1)).toBe(content.length)
  expect(statSync(final).mode & 0o077).toBe(0)
})

it('goes on where a cut left off, and asks for no byte twice', async () => {
  const { fetch, served, requests, part, final } = await scene()
  let asked = 0
  for (let i = 0; i < 50 && !existsSync(final); i += 1) {
    served.cutAfter = 10_000 + i * 3_000
    const outcome = await fetch().then(
      () => 'whole',
      (error: AppError) => error.code,
    )
    expect(['whole', 'sync.stalled']).toContain(outcome)
    asked = requests.length
    expect(existsSync(final) || statSync(part).size > 0).toBe(true)
  }
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
  expect(asked).toBeGreaterThan(5)
  expect(requests[0]).toEqual({ range: null, ifRange: null })
  expect(requests[1]).toEqual({ range: expect.stringMatching(/^bytes=[1-9]\d*-$/), ifRange: '"v1"' })
})

it('begins anew when the file on the server is another', async () => {
  const { fetch, served, part, final } = await scene({ cutAfter: 100_000 })
  await expect(fetch()).rejects.toMatchObject({ code: 'sync.stalled' })
  // What is here was of another file with the same name; the tag says so.
  writeFileSync(part, randomBytes(statSync(part).size))
  served.cutAfter = null
  served.etag = '"v2"'
  await fetch()
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
})

it('begins anew, by itself, when what lay here was damaged', async () => {
  const { fetch, served, part, requests, final } = await scene({ cutAfter: 100_000 })
  await expect(fetch()).rejects.toMatchObject({ code: 'sync.stalled' })
  const damaged = readFileSync(part)
  damaged[5]! ^= 1
  writeFileSync(part, damaged)
  served.cutAfter = null
  await fetch()
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
  expect(requests.map(({ range }) => range !== null)).toEqual([false, true, false])
})

it.each([
  ['longer than the file', 400_000],
  ['as long as the file and wrong', 300_000],
])('begins anew when what lay here is %s', async (_what, length) => {
  const { fetch, part, final, store } = await scene()
  await store.prepare(wanted.sha256)
  writeFileSync(part, randomBytes(length))
  await fetch()
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
})

it('asks for nothing when all of it is here', async () => {
  const { fetch, part, requests, final, store } = await scene()
  await store.prepare(wanted.sha256)
  writeFileSync(part, content)
  await fetch()
  expect(requests).toEqual([])
  // Renamed, and killed before it was recorded.
  await fetch()
  expect(requests).toEqual([])
  truncateSync(final, 10)
  await fetch()
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
})

describe('a file that is not the signed one', () => {
  it.each([
    ['other bytes', randomBytes(300_000), 'trust.hash-mismatch'],
    ['a byte too many', Buffer.concat([content, Buffer.of(0)]), 'trust.length-mismatch'],
    ['endless bytes', Buffer.alloc(10_000_000), 'trust.length-mismatch'],
  ])('%s: is not kept', async (_what, bytes, code) => {
    const { fetch, final, part } = await scene({ bytes })
    await expect(fetch()).rejects.toMatchObject({ code })
    expect(existsSync(final)).toBe(false)
    expect(existsSync(part)).toBe(false)
  })

  it('too few bytes: stays a part, never a file', async () => {
    const { fetch, final, rows } = await scene({ bytes: content.subarray(0, 1000) })
    await expect(fetch()).rejects.toMatchObject({ code: 'sync.stalled' })
    expect(existsSync(final)).toBe(false)
    expect(rows.get(wanted.sha256)).toBeNull()
  })
})

it('stops when told, and goes on later', async () => {
  const { fetch, served, final, part } = await scene({ stallAfter: 50_000 })
  const stop = new AbortController()
  const stopped = fetch(stop.signal, (done) => done >= 50_000 && stop.abort())
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  expect(statSync(part).size).toBe(50_000)
  delete served.stallAfter
  await fetch()
  expect(sha256Hex(readFileSync(final))).toBe(wanted.sha256)
})

describe('a disk that is full', () => {
  it('is said before the first byte, where it can be known', async (context) => {
    const { dir } = smallDisk(context, 200)
    const { fetch, requests, final } = await scene({}, artifactBench({ dir }))
    await expect(fetch()).rejects.toMatchObject({ code: 'disk.full' })
    expect(requests).toEqual([])
    expect(existsSync(final)).toBe(false)
  })

  it('leaves room for the journal', async (context) => {
    const { dir } = smallDisk(context, 1000)
    const { fetch } = await scene({}, artifactBench({ dir, reserveBytes: 800_000 }))
    await expect(fetch()).rejects.toMatchObject({ code: 'disk.full' })
  })

  it('is survived when it fills up meanwhile: the part goes, nothing counts', async (context) => {
    const { dir } = smallDisk(context, 400)
    const { fetch, final, part, rows } = await scene({}, artifactBench({ dir }))
    let filled = false
    const fill = () => {
      if (filled) return
      filled = true
      try {
        for (let i = 0; i < 200; i += 1) writeFileSync(`${dir}/ballast${i}`, Buffer.alloc(4096))
      } catch {
        // Full, as it should be.
      }
    }
    await expect(fetch(undefined, fill)).rejects.toMatchObject({ code: 'disk.full' })
    expect(existsSync(final)).toBe(false)
    expect(existsSync(part)).toBe(false)
    expect(rows.part(wanted.sha256)).toBeNull()
  })

  it('cannot be written at all', async (context) => {
    const disk = smallDisk(context, 1000)
    const { fetch } = await scene({}, artifactBench({ dir: disk.dir }))
    disk.remountReadOnly()
    await expect(fetch()).rejects.toMatchObject({ code: 'store.read-only' })
  })
})
