import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Depot } from '../../../electron/depot/depot.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { craneVersions, deltaDepot, wantVersion } from '../../fixtures/delta-depot.ts'
import { depotFiles } from '../../fixtures/depot-files.ts'
import { type SyncBenchOptions, syncBench } from '../../fixtures/sync-bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import type { TestClock } from '../../fixtures/test-clock.ts'

const VERSIONS = craneVersions(3, 400_000, 78)
const bytesOf = (version: number) => VERSIONS[version] ?? Buffer.alloc(0)
const WANTED = sha256Hex(bytesOf(2))

let made: { depot: Depot; clock: TestClock }
const DIR = mkdtempSync(join(tmpdir(), 'slipway-test-'))
afterAll(() => rmSync(DIR, { recursive: true, force: true }))
beforeAll(async () => {
  made = await deltaDepot(VERSIONS, { deltas: 2, dir: DIR })
  await wantVersion(made, 2)
})

/** A console that trusts the publisher and holds these versions. */
async function holding(versions: readonly number[], options: SyncBenchOptions = {}) {
  const files = await depotFiles(made.depot)
  const bench = syncBench({ clock: made.clock, ...options })
  await bench.sync.adopt(files.url, (await made.depot.fingerprint()).fingerprint, 'kari')
  for (const version of versions) {
    const sha256 = sha256Hex(bytesOf(version))
    await bench.artifacts.prepare(sha256)
    writeFileSync(bench.artifacts.path(sha256), bytesOf(version))
    bench.rows.add({ sha256, length: bytesOf(version).length, storedAt: 1 })
  }
  return bench
}

/** A stick with a small pack, made by a console in the harbour. */
async function smallStick(held: readonly number[] = [2]) {
  const harbour = await holding(held)
  await harbour.sync.check('kari')
  const stick = tempDir()
  const pack = await harbour.packs.make(stick, null, 'kari', true)
  return { harbour, stick, pack, folder: join(stick, 'slipway-pack') }
}

const largest = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted((a, b) => statSync(b).size - statSync(a).size)

it('a small pack carries differences, and a console with an earlier release makes the new one from them', async () => {
  const { harbour, stick, pack, folder } = await smallStick()
  expect(pack).toMatchObject({ artifacts: 1, small: 1, leftOut: [] })
  expect(pack.bytes).toBeLessThan(bytesOf(2).length / 2)
  const size = largest(folder).reduce((sum, path) => sum + statSync(path).size, 0)
  expect(size).toBeLessThan(bytesOf(2).length / 2)
  // What was fetched for the stick does not stay.
  expect(largest(join(harbour.dir, 'artifacts'))).toEqual([harbour.artifacts.path(WANTED)])

  for (const version of [0, 1]) {
    const ship = await holding([version])
    await ship.gate.setOffline(true, 'anna')
    expect(await ship.packs.look(stick)).toMatchObject({ artifacts: 1, bytes: pack.bytes })
    expect(await ship.packs.take(stick, 'anna')).toMatchObject({ artifacts: 1, refused: [], toFetch: 0 })
    expect(readFileSync(ship.artifacts.path(WANTED)).equals(bytesOf(2))).toBe(true)
    const stored = ship.recorder.entries.findLast(({ action }) => action === 'sync.artifact-stored')
    expect(stored).toMatchObject({ detail: { way: 'delta', from: `1.${version}.0` } })
  }
})

it('a console that does not have the release itself makes a small pack as well', async () => {
  const { pack } = await smallStick([])
  expect(pack).toMatchObject({ artifacts: 1, small: 1, leftOut: [] })
})

it('a console with none of the releases takes the plans, and still lacks the file', async () => {
  const { stick } = await smallStick()
  const ship = await holding([])
  expect(await ship.packs.take(stick, 'anna')).toMatchObject({ plans: 1, artifacts: 0, toFetch: expect.any(Number) })
  expect(ship.artifacts.has(WANTED)).toBe(false)
  expect(ship.sync.state().toFetch).toBeGreaterThan(0)
})

it('differences that were tampered with are refused, and nothing of them stays', async () => {
  const { stick, folder } = await smallStick()
  for (const path of largest(folder).filter((name) => name.endsWith('.delta'))) {
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bytes)
  }
  const ship = await holding([1])
  const taken = await ship.packs.take(stick, 'anna')
  expect(taken).toMatchObject({ artifacts: 0, refused: [{ target: 'artifacts/crane-1.2.0.bin' }] })
  expect(ship.artifacts.has(WANTED)).toBe(false)
})

it('without a link there is no small pack, and that is said', async () => {
  const { harbour } = await smallStick()
  await harbour.gate.setOffline(true, 'kari')
  await expect(harbour.packs.make(tempDir(), null, 'kari', true)).rejects.toMatchObject({ code: 'sync.offline' })
  expect(await harbour.packs.make(tempDir(), null, 'kari')).toMatchObject({ artifacts: 1, small: 0 })
})
