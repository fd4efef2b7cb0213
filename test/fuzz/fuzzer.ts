import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '../../electron/sim/faults.ts'
import { isAppError } from '../../shared/errors.ts'
import { damage } from './damage.ts'
import type { FuzzTarget } from './target.ts'

export interface FuzzLimits {
  /** Of this target alone, on the clock on the wall. */
  readonly seconds: number
  /** However slow the machine is. */
  readonly minRounds: number
  readonly seed: number
  /** Told of each input before it is read: what hangs can tell nothing any more. */
  readonly onInput?: (bytes: Uint8Array) => void
}

export interface FuzzResult {
  readonly name: string
  readonly rounds: number
  readonly seconds: number
  /** How it went wrong, with all that is needed to see it again; null: it did not. */
  readonly failure: string | null
}

/** What may be held at the end more than when it had settled, bytes. */
const MAX_GROWTH = 48 * 1024 * 1024
/** Rounds after which caches and compiled code are there. */
const SETTLING = 200
/** Other tasks of the process get a turn this often. */
const BREATH = 64

/** Damages the seeds and has them read until the time is up. */
export async function fuzzTarget(target: FuzzTarget, limits: FuzzLimits): Promise<FuzzResult> {
  const { name, seeds, mend, run } = target
  const { seed, onInput } = limits
  const random = seededRandom(seed)
  const upTo = (limit: number) => Math.floor(random() * limit)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  let settled = 0
  let rounds = 0
  for (; seconds() < limits.seconds || rounds < limits.minRounds; rounds += 1) {
    if (rounds === SETTLING) settled = heldMemory()
    if (rounds % BREATH === 0) await new Promise((resolve) => setImmediate(resolve))
    const damaged = damage(Buffer.from(seeds[upTo(seeds.length)] ?? []), upTo)
    const bytes = mend && random() < 0.7 ? mend(damaged) : damaged
    onInput?.(bytes)
    try {
      await run(bytes)
    } catch (error) {
      if (isAppError(error) && error.code !== 'internal') continue
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { name, rounds, seconds: seconds(), failure: `${what}\n${told(seed, rounds, bytes)}` }
    }
  }
  const growth = rounds > SETTLING ? heldMemory() - settled : 0
  const failure = growth > MAX_GROWTH ? `memory grew by ${growth} bytes, seed ${seed}` : null
  return { name, rounds, seconds: seconds(), failure }
}

/** How to see it again. */
export function told(seed: number, round: number, bytes: Uint8Array): string {
  return `seed ${seed}, round ${round}, input (base64): ${Buffer.from(bytes).toString('base64')}`
}

/** Bytes that are still held after a collection. */
function heldMemory(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
