import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Depot } from '../../../electron/depot/depot.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { addVersion, craneVersions, deltaDepot, wantVersion } from '../../fixtures/delta-depot.ts'
import { type DepotFiles, depotFiles } from '../../fixtures/depot-files.ts'
import { type SyncBenchOptions, syncBench } from '../../fixtures/sync-bench.ts'
import type { TestClock } from '../../fixtures/test-clock.ts'

const VERSIONS = craneVersions(5, 900_000, 77)
const SIZE = VERSIONS[4]?.length ?? 0
const hash = (version: number) => sha256Hex(VERSIONS[version] ?? Buffer.alloc(0))

/** Five releases with deltas from the last two, of which the newest is wanted. Made once: nothing here changes it. */
const DIR = mkdtempSync(join(tmpdir(), 'slipway-test-'))
afterAll(() => rmSync(DIR, { recursive: true, force: true }))
let made: { depot: Depot; clock: TestClock }
beforeAll(async () => {
  made = await deltaDepot(VERSIONS, { deltas: 2, dir: DIR })
  await wantVersion(made, 4)
})

/** A console that holds these versions and trusts the depot, whose files are open to mischief. */
async function scene(holds: readonly number[], options: SyncBenchOptions = {}) {
  const files = await depotFiles(made.depot)
  const bench = syncBench({ clock: made.clock, ...options })
  await bench.sync.adopt(files.url, (await made.depot.fingerprint()).fingerprint, 'kari')
  for (const version of holds) await hold(bench, VERSIONS[version] ?? Buffer.alloc(0))
  return { files, ...bench }
}

async function hold({ artifacts, rows }: Pick<ReturnType<typeof syncBench>, 'artifacts' | 'rows'>, bytes: Buffer) {
  const sha256 = sha256Hex(bytes)
  await artifacts.prepare(sha256)
  writeFileSync(artifacts.path(sha256), bytes)
  rows.add({ sha256, length: bytes.length, storedAt: 1 })
}

const flipped = (bytes: Buffer, at = bytes.length >> 1) => {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

type Scene = Awaited<ReturnType<typeof scene>>

/** Syncs, and says on which way the newest came. What is in the store is the signed file whatever happened. */
async function way({ sync, artifacts, dir }: Scene) {
  const view = await sync.start('kari')
  const [item] = view.items
  expect(view).toMatchObject({ lastError: null, toFetch: 0 })
  expect(item).toMatchObject({ state: 'held', bytes: SIZE })
  expect(sha256Hex(readFileSync(artifacts.path(hash(4))))).toBe(hash(4))
  const litter = (await readdir(join(dir, 'artifacts'), { recursive: true })).filter((name) =>
    /\.(?:part|made|chunks)$/.test(name),
  )
  expect(litter).toEqual([])
  return item?.way
}
const moved = (files: DepotFiles) => files.served.reduce((sum, { bytes }) => sum + bytes, 0)

describe('the cheapest way', () => {
  it('is the delta from the version that is held, and says what it saves before the first byte of it', async () => {
    const bench = await scene([3])
    const before = await bench.sync.check('kari')
    expect(before.items[0]).toMatchObject({ bytes: SIZE, done: 0, way: { kind: 'delta', from: '1.3.0' } })
    expect(before.toFetch).toBeLessThan(SIZE / 5)
    expect(bench.files.served.map(({ name }) => name)).toEqual([expect.stringMatching(/ways\.json$/)])
    const taken = await way(bench)
    expect(taken).toEqual({ kind: 'delta', from: '1.3.0', bytes: before.toFetch, refused: [] })
    expect(moved(bench.files)).toBeLessThan(SIZE / 4)
    expect(bench.recorder.entries.at(-1)).toMatchObject({
      action: 'sync.artifact-stored',
      detail: { way: 'delta', from: '1.3.0', moved: taken?.bytes, length: SIZE },
    })
  })

  it('is a chain of two deltas from an older one', async () => {
    const bench = await scene([0])
    expect(await way(bench)).toMatchObject({ kind: 'chain', from: '1.0.0', refused: [] })
    expect(moved(bench.files)).toBeLessThan(SIZE / 2)
    expect([0, 1, 2, 3].filter((version) => bench.artifacts.has(hash(version)))).toEqual([0])
  })

  it('is the nearest of several that are held', async () => {
    expect(await way(await scene([0, 2, 3]))).toMatchObject({ kind: 'delta', from: '1.3.0' })
  })

  it('is the chunks that no file has, from a version that nobody made a delta from', async () => {
    const foreign = Buffer.from(VERSIONS[2] ?? Buffer.alloc(0))
    foreign.fill(9, 1000, 3000)
    const bench = await scene([])
    await hold(bench, foreign)
    const taken = await way(bench)
    expect(taken).toMatchObject({ kind: 'chunks', refused: [] })
    expect(moved(bench.files)).toBeLessThan((taken?.bytes ?? 0) + 10_000)
    expect(bench.files.served.filter(({ name }) => name.endsWith('.pack')).length).toBeGreaterThan(1)
  })

  it('is the whole, compressed, where there is nothing to begin from', async () => {
    const bench = await scene([])
    expect(await way(bench)).toMatchObject({ kind: 'compressed', from: null, refused: [] })
    expect(moved(bench.files)).toBeLessThan(SIZE)
  })

  it('needs no dictionary where the run-time knows none', async () => {
    expect(await way(await scene([3], { dictionaries: false }))).toMatchObject({ kind: 'chunks' })
  })

  it('is what the budget is held against', async () => {
    const { sync } = await scene([3])
    const { toFetch } = await sync.check('kari')
    expect((await sync.start('kari', { budget: toFetch - 1 })).items[0]).toMatchObject({
      reason: { code: 'sync.over-budget' },
    })
    expect((await sync.start('kari', { budget: toFetch })).items[0]).toMatchObject({ state: 'held' })
  })
})

describe('a way that does not lead there', () => {
  const reason = (kind: string, code: string) =>
    expect.objectContaining({ kind, reason: expect.objectContaining({ code }) })

  it('a damaged delta: the next way, and it says so', async () => {
    const bench = await scene([3])
    bench.files.mischief = (name, bytes) =>
      name.includes('.from.') && name.endsWith('.delta') ? flipped(bytes) : bytes
    const taken = await way(bench)
    expect(taken).toMatchObject({ kind: 'chunks', refused: [reason('delta', 'trust.hash-mismatch')] })
  })

  it('every short way damaged or gone: the whole', async () => {
    const bench = await scene([3])
    bench.files.mischief = (name, bytes) => (/\.(?:delta|index)$/.test(name) ? null : bytes)
    const taken = await way(bench)
    expect(taken?.kind).toBe('whole')
    expect(taken?.refused).toEqual(['delta', 'chunks', 'compressed'].map((kind) => reason(kind, 'sync.not-found')))
  })

  it('no description of ways, or another one: the whole', async () => {
    for (const change of [() => null, (bytes: Buffer) => flipped(bytes)]) {
      const bench = await scene([3])
      bench.files.mischief = (name, bytes) => (name.endsWith('.ways.json') ? change(bytes) : bytes)
      expect(await way(bench)).toMatchObject({ kind: 'whole', refused: [{ kind: 'delta' }] })
    }
  })

  it('an older file that the disk has damaged: another way, and the damaged one is held no more', async () => {
    const bench = await scene([3])
    writeFileSync(bench.artifacts.path(hash(3)), Buffer.alloc(SIZE, 1))
    const taken = await way(bench)
    expect(taken?.refused).toEqual([expect.objectContaining({ kind: 'delta' })])
    expect(bench.artifacts.has(hash(3))).toBe(false)
  })

  it('an older file that is gone: another way', async () => {
    const bench = await scene([3])
    rmSync(bench.artifacts.path(hash(3)))
    expect((await way(bench))?.refused).toEqual([expect.objectContaining({ kind: 'delta' })])
  })

  it('a server without ranges: no chunks', async () => {
    const bench = await scene([3], { dictionaries: false })
    bench.files.ranges = false
    expect(await way(bench)).toMatchObject({ kind: 'compressed', refused: [reason('chunks', 'sync.range-ignored')] })
  })

  it('a pack that lies about one chunk: nothing of it is opened, and another way is taken', async () => {
    const bench = await scene([3], { dictionaries: false })
    bench.files.mischief = (name, bytes) => (name.endsWith('.pack') ? Buffer.alloc(bytes.length, 7) : bytes)
    expect(await way(bench)).toMatchObject({ kind: 'compressed', refused: [reason('chunks', 'trust.hash-mismatch')] })
  })
})

describe('a thin link', () => {
  it.each([[3], [0]])('cut again and again: every byte of the way comes once (holding %i)', async (held) => {
    const bench = await scene([held])
    bench.files.cut = 9000
    const taken = await way(bench)
    const ofWay = bench.files.served.filter(({ name }) => name.endsWith('.delta'))
    expect(ofWay.length).toBeGreaterThan(3)
    const bytes = ofWay.reduce((sum, served) => sum + served.bytes, 0)
    expect(bytes).toBeLessThanOrEqual(taken?.bytes ?? 0)
  })

  it('one damaged block comes once more, alone', async () => {
    const bench = await scene([], { dictionaries: false })
    let damage = 1
    bench.files.mischief = (name, bytes) => {
      if (name.endsWith('.delta') && damage > 0) flipped(bytes, 300_000)
      if (name.endsWith('.delta')) damage -= 1
      return bytes
    }
    expect(await way(bench)).toMatchObject({ kind: 'compressed', refused: [] })
    const ranges = bench.files.served.filter(({ name }) => name.endsWith('.delta')).map(({ from }) => from)
    expect(ranges).toEqual([0, 262_144])
  })

  it('a new release on the way: what was begun for the old one does no harm', async () => {
    const own = await deltaDepot(VERSIONS.slice(0, 2), { deltas: 2 })
    await wantVersion(own, 1)
    const files = await depotFiles(own.depot)
    const bench = syncBench({ clock: own.clock })
    await bench.sync.adopt(files.url, (await own.depot.fingerprint()).fingerprint, 'kari')
    await hold(bench, VERSIONS[0] ?? Buffer.alloc(0))
    files.mischief = (name, bytes) => (/\.(?:delta|bin|pack)$/.test(name) ? null : bytes)
    expect((await bench.sync.start('kari')).items[0]?.state).not.toBe('held')
    await addVersion(own.depot, 2, VERSIONS[2] ?? Buffer.alloc(0))
    await wantVersion(own, 2)
    files.mischief = null
    expect((await bench.sync.start('kari')).items[0]).toMatchObject({
      state: 'held',
      way: { kind: 'delta', from: '1.0.0' },
    })
  })
})
