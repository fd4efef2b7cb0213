/**
 * A refresh by the console's own repository client against tuf-js, on the same repositories over loopback, served by
 * another thread. Cold: only the first root is held. Warm: everything is, and is proved anew. For hash bins one
 * target is looked up as well, or no bin would be read. Last line: our time divided by theirs, cold, for 10,000
 * targets in one file; at most 0.01 is wanted.
 *
 * The longest time that the event loop stood still is ours, by the clock on the wall, which is right on a machine that does
 * nothing else; beside it what this thread itself computed without a pause, which is right on any. Under 50 ms is wanted.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Updater } from 'tuf-js'
import { HttpFetcher } from '../../electron/host/sync/http-fetcher.ts'
import { type MetadataCache, RepositoryClient } from '../../electron/host/sync/repository-client.ts'
import { repositoryUrls } from '../../electron/host/sync/repository-urls.ts'
import { DEFAULT_LIMITS } from '../../electron/host/trust/limits.ts'
import { longestTurn } from '../fixtures/longest-turn.ts'
import { type LargeRepository, largeRepository, type Shape } from '../fixtures/tuf/large-repository.ts'

const ROUNDS = 7
const MAX_BYTES = 64 * 1024 * 1024

interface Times {
  readonly cold: number
  readonly warm: number
}

const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
const fetcher = new HttpFetcher()
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const emptyCache = (root: Uint8Array): MetadataCache => ({
  roots: [root],
  timestamp: null,
  snapshot: null,
  roles: new Map(),
})

async function ourRound({ url, root, path }: LargeRepository, lookUp: boolean): Promise<Times> {
  const cache = emptyCache(root)
  const { signal } = new AbortController()
  const urls = repositoryUrls(url)
  const refresh = async () => {
    const options = { urls, fetcher, cache, now: Date.now(), limits: DEFAULT_LIMITS, signal }
    const client = new RepositoryClient(options)
    await client.refresh()
    if (lookUp && !(await client.find(path))) throw new Error(`${path} was not found`)
  }
  return { cold: await timed(refresh), warm: await timed(refresh) }
}

let folders = 0
/** In one file of 10,000 each refresh takes tuf-js half a minute: there it is asked once, and cold. */
async function theirRound({ url, root, path }: LargeRepository, lookUp: boolean): Promise<Times> {
  folders += 1
  const metadataDir = join(dir, `tuf-js-${folders}`)
  mkdirSync(metadataDir)
  writeFileSync(join(metadataDir, 'root.json'), root)
  const config = { targetsMaxLength: MAX_BYTES, snapshotMaxLength: MAX_BYTES }
  const refresh = async () => {
    const updater = new Updater({ metadataDir, metadataBaseUrl: `${url}/metadata`, config })
    await updater.refresh()
    if (lookUp && !(await updater.getTargetInfo(path))) throw new Error(`${path} was not found`)
  }
  return { cold: await timed(refresh), warm: lookUp ? await timed(refresh) : Number.NaN }
}

interface Measured {
  readonly ours: Times
  readonly theirs: Times | null
  readonly block: number
  /** Of all rounds, ms of the processor. */
  readonly turn: number
}

async function measure(name: string, shape: Shape, theirRounds: number, ourRounds = ROUNDS): Promise<Measured> {
  const repository = await largeRepository(shape)
  const lookUp = shape.bits !== null
  try {
    const [ours, theirs]: [Times[], Times[]] = [[], []]
    // Code that was never run is slow in both; whoever syncs has run it before.
    await ourRound(repository, lookUp)
    const turns: number[] = []
    for (let round = 0; round < 3; round += 1) turns.push((await longestTurn(() => ourRound(repository, lookUp))).turn)
    if (theirRounds > 1) await theirRound(repository, lookUp)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const blocks: number[] = []
    for (let round = 0; round < Math.max(ourRounds, theirRounds); round += 1) {
      if (round < theirRounds) theirs.push(await theirRound(repository, lookUp))
      if (round >= ourRounds) continue
      delay.enable()
      delay.reset()
      ours.push(await ourRound(repository, lookUp))
      delay.disable()
      blocks.push(delay.max / 1e6)
    }
    const both = (times: readonly Times[]) => ({
      cold: median(times.map(({ cold }) => cold)),
      warm: median(times.map(({ warm }) => warm)),
    })
    const measured = {
      ours: both(ours),
      theirs: theirs.length > 0 ? both(theirs) : null,
      block: median(blocks),
      turn: Math.max(...turns),
    }
    say(name, measured)
    return measured
  } finally {
    await repository.close()
  }
}

function say(name: string, { ours, theirs, block, turn }: Measured): void {
  const against = (kind: keyof Times) =>
    theirs && !Number.isNaN(theirs[kind])
      ? `${kind} ${ms(ours[kind])}, tuf-js ${ms(theirs[kind])}, ratio ${(ours[kind] / theirs[kind]).toFixed(4)}`
      : `${kind} ${ms(ours[kind])}`
  console.log(
    `${name}: ${against('cold')}; ${against('warm')}; longest block ${ms(block)}, of the processor ${ms(turn)}`,
  )
}

try {
  const flat5k = await measure('5,000 in one file', { targets: 5000, bits: null }, 0)
  const flat100k = await measure('100,000 in one file', { targets: 100_000, bits: null }, 0, 3)
  console.log(`100,000 against our own 5,000: ${(flat100k.ours.cold / flat5k.ours.cold).toFixed(1)} times`)
  await measure('100,000 in 256 bins', { targets: 100_000, bits: 8 }, ROUNDS)
  await measure('100,000 in 1,024 bins', { targets: 100_000, bits: 10 }, ROUNDS)
  const { ours, theirs } = await measure('10,000 in one file', { targets: 10_000, bits: null }, 1)
  console.log(`tuf-refresh ratio=${(ours.cold / (theirs?.cold ?? 0)).toFixed(5)}`)
} finally {
  fetcher.close()
  rmSync(dir, { recursive: true, force: true })
}
