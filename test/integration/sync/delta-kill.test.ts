import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import type { Depot } from '../../../electron/depot/depot.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { bundled } from '../../fixtures/bundled.ts'
import { consoleSync } from '../../fixtures/console-sync.ts'
import { craneVersions, deltaDepot, wantVersion } from '../../fixtures/delta-depot.ts'
import { pacedDepot, sizeOf } from '../../fixtures/paced-depot.ts'
import { type Seeded, seeded } from '../../fixtures/seeded.ts'

const KILLS = 200
/** Consoles that are killed side by side, each on another way. */
const HOLDS = [[2], [1], [9], []] as const
/** After them one gets through, and what it has is looked at. */
const KILLS_IN_A_ROW = 6
/** The most that may come twice after one kill. */
const ONE_RANGE = 256 * 1024

/** A kill takes nothing from what a program has written, so a disk in memory will do where there is one with room. */
const MEMORY = '/dev/shm'
const ROOM = 2 ** 29
const inMemory = existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > ROOM
const DIR = mkdtempSync(join(inMemory ? MEMORY : tmpdir(), 'slipway-test-'))
afterAll(() => rmSync(DIR, { recursive: true, force: true }))

/**
 * Consoles that sync by a delta, by two, by chunks and compressed are killed at random moments: some time after some byte
 * of what they still have to fetch, or after the last, while the file is made. One that got through begins again.
 */
it('a delta sync killed at 200 random moments and resumed: the same bytes, and none comes twice beyond one range', async () => {
  const random = seeded()
  console.log(`seed ${random.seed}`)
  const child = await bundled(fileURLToPath(new URL('../../fixtures/sync-child.ts', import.meta.url)))
  onTestFinished(child.remove)
  const versions = craneVersions(4, 1_200_000, random.seed)
  const made = await deltaDepot(versions, { deltas: 1, dir: join(mkdtempSync(join(DIR, 'depot-')), 'depot') })
  await wantVersion(made, 3)
  const lanes = HOLDS.map((holds) => killedConsole({ child: child.path, depot: made.depot, versions, holds, random }))
  const outcomes = await Promise.all(lanes)
  for (const [index, { ways }] of outcomes.entries()) console.log(HOLDS[index], ways)
  expect(outcomes.map(({ ways }) => [...ways])).toEqual([['delta'], ['chain'], ['chunks'], ['compressed']])
  for (const { twice } of outcomes) {
    expect(Math.max(0, ...twice)).toBeLessThanOrEqual(ONE_RANGE)
  }
}, 600_000)

interface Killing {
  readonly child: string
  readonly depot: Depot
  readonly versions: readonly Buffer[]
  /** 9: one that the depot has never seen. */
  readonly holds: readonly number[]
  readonly random: Seeded
}

async function killedConsole({ child, depot, versions, holds, random }: Killing) {
  const server = await pacedDepot(depot)
  const { fingerprint } = await depot.fingerprint()
  const fresh = await template(holds, versions, [server.url, fingerprint])
  const wanted = versions[3] ?? Buffer.alloc(0)
  const sha256 = sha256Hex(wanted)
  const dir = `${fresh}-killed`
  const stored = join(dir, 'artifacts', sha256.slice(0, 2), sha256)
  const ways = new Set<string>()
  const twice: number[] = []
  /** Of the first one, which nobody kills. */
  let moved: number | null = null
  for (let kills = 0; kills < KILLS / HOLDS.length; ) {
    rmSync(dir, { recursive: true, force: true })
    cpSync(fresh, dir, { recursive: true })
    server.begin(dir)
    for (let left = moved === null ? 0 : Math.min(KILLS_IN_A_ROW, KILLS / HOLDS.length - kills); left >= 0; left -= 1) {
      const killed = await run(child, [dir, server.url, fingerprint], (kill) => {
        if (left === 0 || moved === null) return server.at(null, () => {})
        const rest = Math.max(1, moved - kept(dir) + kept(fresh))
        // One in four when all bytes are there and the file is made.
        const bytes = random.below(4) === 0 ? rest : random.below(rest)
        return server.at(bytes, kill, random.below(60))
      })
      twice.push(...server.twice())
      // Under its name there is the signed file or nothing.
      expect([null, sha256]).toContain(sizeOf(stored) === null ? null : sha256Hex(readFileSync(stored)))
      if (!killed) break
      kills += 1
    }
    await settled(dir, sha256)
    moved ??= server.total()
    ways.add(wayOf(server.names()))
  }
  return { ways, twice }
}

/** Bytes of what is fetched that a console has on its disk. */
function kept(dir: string): number {
  const artifacts = join(dir, 'artifacts')
  const files = existsSync(artifacts) ? readdirSync(artifacts, { recursive: true, withFileTypes: true }) : []
  const fetched = files.filter((file) => file.isFile() && !file.name.endsWith('.made'))
  return fetched.reduce((sum, { parentPath, name }) => sum + (sizeOf(join(parentPath, name)) ?? 0), 0)
}

/** What a console that got through has on its disk: the signed file, and nothing of how it came. */
async function settled(dir: string, sha256: string): Promise<void> {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const { db, rows, artifacts } = consoleSync({ dir, clock, fetcher: new HttpFetcher() })
  const reader = await artifacts.open(sha256, new AbortController().signal)
  await reader.close()
  const held = new Set(rows.all().map((row) => row.sha256))
  db.close()
  const files = await readdir(join(dir, 'artifacts'), { recursive: true, withFileTypes: true })
  expect(files.filter((file) => file.isFile() && !held.has(file.name)).map(({ name }) => name)).toEqual([])
}

/** On which way a console came that has fetched these files. */
function wayOf(names: ReadonlySet<string>): string {
  const deltas = [...names].filter((name) => name.endsWith('.delta'))
  if ([...names].some((name) => name.endsWith('.pack'))) return deltas.length > 0 ? 'several' : 'chunks'
  if (deltas.every((name) => name.includes('.from.'))) return ['whole', 'delta', 'chain'][deltas.length] ?? 'several'
  return deltas.length > 1 ? 'several' : 'compressed'
}

/** The folder of a console that trusts the depot, has its metadata, and holds these versions. */
async function template(
  holds: readonly number[],
  versions: readonly Buffer[],
  [url, fingerprint]: readonly [string, string],
) {
  const dir = mkdtempSync(join(DIR, 'console-'))
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const { sync, artifacts, rows, db } = consoleSync({ dir, clock, fetcher: new HttpFetcher() })
  await sync.adopt(url, fingerprint, 'kari')
  await sync.check('kari')
  for (const version of holds) {
    const bytes = Buffer.from(versions[version] ?? versions[1] ?? Buffer.alloc(0))
    if (!versions[version]) bytes.fill(9, 1000, 3000)
    const sha256 = sha256Hex(bytes)
    await artifacts.prepare(sha256)
    writeFileSync(artifacts.path(sha256), bytes)
    rows.add({ sha256, length: bytes.length, storedAt: 1 })
  }
  db.close()
  return dir
}

/** True when it was killed. */
async function run(path: string, args: readonly string[], arm: (kill: () => void) => void): Promise<boolean> {
  // What one has compiled the next need not.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(DIR, 'compiled') }
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  const exit = once(child, 'exit')
  arm(() => child.kill('SIGKILL'))
  const [code, signal] = (await exit) as [number | null, string | null]
  if (signal !== 'SIGKILL') expect(code).toBe(0)
  return signal === 'SIGKILL'
}
