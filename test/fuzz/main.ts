import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type FuzzResult, fuzzTarget, told } from './fuzzer.ts'
import { TARGETS } from './targets.ts'

/**
 * `node test/fuzz/main.ts [--seconds 60] [--seed N] [--at-once 3] [--only WORDS] [--out FILE]`: every parser for so long.
 * Threads read; this one watches them: a reader that hangs can say nothing any more, so its input is kept beside it.
 */
interface Order {
  readonly seconds: number
  readonly seed: number
  /** Position in {@link TARGETS}. */
  readonly target: number
  /** [0]: rounds begun, [1]: length of the input; then the input. */
  readonly shared: SharedArrayBuffer
}

const HEAD = 8
const MAX_INPUT = 1024 * 1024
const MIN_ROUNDS = 2000
/** ms for one input. A reading takes milliseconds; a machine that does other things may take a thousand times that. */
const HANG_MS = 60_000
const LOOK_MS = 1000

async function fuzzHere({ seconds, seed, target, shared }: Order): Promise<FuzzResult> {
  const one = TARGETS[target]
  if (!one) throw new Error(`there is no target ${target}`)
  const [counts, input] = [new Uint32Array(shared, 0, 2), new Uint8Array(shared, HEAD)]
  return fuzzTarget(one, {
    seconds,
    seed,
    minRounds: MIN_ROUNDS,
    onInput(bytes) {
      input.set(bytes.subarray(0, MAX_INPUT))
      counts[1] = Math.min(bytes.length, MAX_INPUT)
      counts[0] = ((counts[0] ?? 0) + 1) >>> 0
    },
  })
}

/** One target in a thread of its own. */
async function watched(target: number, seconds: number, seed: number): Promise<FuzzResult> {
  const shared = new SharedArrayBuffer(HEAD + MAX_INPUT)
  const counts = new Uint32Array(shared, 0, 2)
  const order: Order = { seconds, seed, target, shared }
  const thread = new Worker(new URL(import.meta.url), { workerData: order })
  const name = TARGETS[target]?.name ?? ''
  const began = performance.now()
  const failed = (failure: string): FuzzResult => ({
    name,
    rounds: counts[0] ?? 0,
    seconds: (performance.now() - began) / 1000,
    failure,
  })
  let seen = { round: -1, at: performance.now() }
  const result = await new Promise<FuzzResult>((resolve) => {
    const look = setInterval(() => {
      const [round = 0, length = 0] = counts
      if (round !== seen.round) seen = { round, at: performance.now() }
      else if (performance.now() - seen.at > HANG_MS) {
        resolve(failed(`hangs: ${told(seed, round - 1, new Uint8Array(shared, HEAD, length))}`))
      }
    }, LOOK_MS)
    const done = (outcome: FuzzResult) => {
      clearInterval(look)
      resolve(outcome)
    }
    thread.once('message', (outcome: FuzzResult) => done(outcome))
    thread.once('error', (error) => done(failed(`the thread died: ${error.stack ?? error.message}`)))
    thread.once('exit', (code) => done(failed(`the thread ended with ${code}`)))
  })
  await thread.terminate()
  return result
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '20261120' },
      'at-once': { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      out: { type: 'string' },
    },
  })
  const left = [...TARGETS.keys()].filter((at) => TARGETS[at]?.name.includes(values.only))
  const results: FuzzResult[] = []
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const result = await watched(next, Number(values.seconds), Number(values.seed))
      results.push(result)
      const { name, rounds, seconds, failure } = result
      process.stdout.write(
        `${failure === null ? 'ok' : 'FAILED'} ${name}: ${rounds} inputs in ${seconds.toFixed(0)} s\n`,
      )
      if (failure !== null) process.stdout.write(`${failure}\n`)
    }
  }
  await Promise.all(Array.from({ length: Number(values['at-once']) }, lane))
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(results))
  process.exitCode = results.some(({ failure }) => failure !== null) ? 1 : 0
}

if (isMainThread) await main()
else parentPort?.postMessage(await fuzzHere(workerData as Order))
