import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
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
import { type Seeded, seeded } from '../../fixtures/seeded.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'

const KILLS = 200
/** Consoles that are killed side by side, each on another way. */
const HOLDS = [[2], [1], [9], []] as const
/** Bytes on their way that a kill may lose: what the server is ahead of the console's disk. */
const AHEAD = 64 * 1024
/** The most that may come twice after one kill. */
const ONE_RANGE = 256 * 1024

const DIR = mkdtempSync(join(tmpdir(), 'slipway-test-'))
afterAll(() => rmSync(DIR, { recursive: true, force: true }))

/**
 * Consoles that sync by a delta, by two, by chunks and compressed are killed at random moments: at some byte of what
 * they fetch, or some time after the last, while the file is made. Whenever one gets through it begins again.
 */
it('a delta sync killed at 200 random moments and resumed: the same bytes, and none comes twice beyond one range', async () => {
  const random = seeded()
  console.log(`seed ${random.seed}`)
  const child = await bundled(fileURLToPath(new URL('../../fixtures/sync-child.ts', import.meta.url)))
  onTestFinished(child.remove)
  const versions = craneVersions(4, 1_600_000, random.seed)
  const made = await deltaDepot(versions, { deltas: 1, dir: join(mkdtempSync(join(DIR, 'depot-')), 'depot') })
  await wantVersion(made, 3)
  const lanes = HOLDS.map((holds) => killedConsole({ child: child.path, depot: made.depot, versions, holds, random }))
  const outcomes = await Promise.all(lanes)
  for (const [index, { ways }] of outcomes.entries()) console.log(HOLDS[index], ways)
  expect(outcomes.map(({ ways }) => [...ways])).toEqual([['delta'], ['chain'], ['chunks'], ['compressed']])
  for (const { twice, kills } of outcomes) {
    expect(kills).toBe(KILLS / HOLDS.length)
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
  const server = await pacedServer(depot)
  const { fingerprint } = await depot.fingerprint()
  const fresh = await template(holds, versions, [server.url, fingerprint])
  const wanted = versions[3] ?? Buffer.alloc(0)
  const sha256 = sha256Hex(wanted)
  const dir = `${fresh}-killed`
  const ways = new Set<string>()
  const twice: number[] = []
  let kills = 0
  while (kills < KILLS / HOLDS.length) {
    rmSync(dir, { recursive: true, force: true })
    cpSync(fresh, dir, { recursive: true })
    server.begin(dir)
    for (let killed = true; killed; ) {
      const done = kills >= KILLS / HOLDS.length
      killed = await run(child, [dir, server.url, fingerprint], (kill) =>
        done
          ? server.at(null, () => {})
          : server.at(random.below(random.below(2) === 0 ? 60_000 : 400_000), kill, random.below(60)),
      )
      if (killed) kills += 1
      twice.push(...server.twice())
      const stored = join(dir, 'artifacts', sha256.slice(0, 2), sha256)
      // Under its name there is the signed file or nothing.
      expect([null, sha256]).toContain(sizeOf(stored) === null ? null : sha256Hex(readFileSync(stored)))
    }
    await settled(dir, sha256)
    ways.add(wayOf(server.names()))
  }
  return { kills, ways, twice }
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
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(child, 'exit')
  arm(() => child.kill('SIGKILL'))
  const [code, signal] = (await exit) as [number | null, string | null]
  if (signal !== 'SIGKILL') expect(code).toBe(0)
  return signal === 'SIGKILL'
}

/** Serves a depot never further ahead of the console's disk than {@link AHEAD}, and knows which bytes it has served. */
async function pacedServer(depot: Depot) {
  let folder = ''
  let mark: { left: number; reached: () => void; after: number } | null = null
  let reached = new Map<string, number>()
  let names = new Set<string>()
  let again: number[] = []
  const count = (bytes: number) => {
    if (!mark) return
    mark.left -= bytes
    if (mark.left > 0) return
    setTimeout(mark.reached, mark.after)
    mark = null
  }
  const serve = async (name: string, from: number, body: Buffer, response: ServerResponse) => {
    const file = /^([0-9a-f]{2})[0-9a-f]{62}(?=\.)/.exec(name)
    const part = file ? join(folder, 'artifacts', file[1] ?? '', `${file[0]}.part`) : ''
    const follows = name.endsWith('.delta') || name.endsWith('.bin')
    if (follows) again.push(Math.max(0, (reached.get(name) ?? 0) - from))
    for (let at = 0; at < body.length && !response.destroyed; at += 4096) {
      const ahead = () => follows && from + at - (sizeOf(part) ?? 0) > AHEAD
      while (ahead() && !response.destroyed) {
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      const piece = body.subarray(at, at + 4096)
      response.write(piece)
      if (follows) reached.set(name, Math.max(reached.get(name) ?? 0, from + at + piece.length))
      count(piece.length)
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
    if (body.length > 0 && mark && mark.left < 100_000 && follows) {
      // The last byte is out: what follows is the making of the file.
      setTimeout(mark.reached, mark.after)
      mark = null
    }
  }
  const url = await serveHandler((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    let bytes: Buffer
    try {
      bytes = readFileSync(join(depot.layout.repository, path))
    } catch {
      response.writeHead(404).end()
      return
    }
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const from = asked ? Number(asked[1]) : 0
    const to = asked?.[2] ? Number(asked[2]) + 1 : bytes.length
    const head = asked ? { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` } : {}
    response.writeHead(asked ? 206 : 200, { 'content-length': to - from, etag: '"same"', ...head })
    names.add(path)
    void serve(path.split('/').pop() ?? '', from, bytes.subarray(from, to), response)
  })
  return {
    url,
    begin: (dir: string) => {
      folder = dir
      reached = new Map()
      names = new Set()
    },
    /** Calls back `after` ms after so many bytes, or after the last. */
    at: (bytes: number | null, done: () => void, after = 0) => {
      mark = bytes === null ? null : { left: bytes, reached: done, after }
    },
    /** Everything that was asked for since {@link begin}. */
    names: () => names,
    /** Bytes that were asked for again, one number a request, since the last call. */
    twice: () => {
      const found = again
      again = []
      return found
    },
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}
