/**
 * A publisher of the largest size that is meant: 100,000 artifacts in one list, 5,000 plans, a site of 20,000 devices.
 * What a console pays for it, without the network: the first sync of all documents, a sync when nothing is new, one
 * that brings a changed plan, proving what is stored at a start, one look at what is to fetch; each with the longest
 * that the thread computed without letting runs and screens have a turn (under 50 ms is wanted), and the memory that
 * the process has in the end. What screens pay is measured by `scale-ui`. Last line: the sync with nothing new, at
 * this size, divided by the same with a hundredth of it: what is linear gives 100 at most.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { TrustLibrary } from '../../electron/host/sync/library-source.ts'
import { withPauses } from '../../electron/host/sync/with-pauses.ts'
import { DEFAULT_LIMITS } from '../../electron/host/trust/limits.ts'
import { lintVerdict } from '../../shared/conditions/lint.ts'
import { consoleSync } from '../fixtures/console-sync.ts'
import { type FleetSize, fleetPlan, fleetRepository, LARGE_FLEET } from '../fixtures/fleet.ts'
import { fetcherOf } from '../fixtures/fleet-console.ts'
import { longestTurn, type Turned } from '../fixtures/longest-turn.ts'
import { TestClock } from '../fixtures/test-clock.ts'

const SMALL: FleetSize = { artifacts: 1000, plans: 50, devices: 200 }

const now = Math.floor(Date.now() / 1000) * 1000
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))

const say = (what: string, { ms, turn }: Turned<unknown>) =>
  console.log(`  ${what}: ${ms.toFixed(0)} ms, longest turn ${turn.toFixed(0)} ms`)

async function measure(name: string, size: FleetSize): Promise<number> {
  const repo = fleetRepository(size, now)
  const clock = new TestClock(now + 1000)
  const bench = consoleSync({ dir: join(dir, name), clock, fetcher: fetcherOf(repo), lint: lintVerdict })
  try {
    await bench.sync.adopt('http://127.0.0.1:1', sha256Hex(repo.firstRoot()), 'bench')
    console.log(`${name}:`)
    say('first sync', await longestTurn(() => bench.sync.check('bench')))
    const idle = await longestTurn(() => bench.sync.check('bench'))
    say('nothing new', idle)
    fleetPlan(repo, 7, now, 'Another title')
    repo.release()
    say('one plan changed', await longestTurn(() => bench.sync.check('bench')))
    const library = new TrustLibrary(bench.trust, { limits: DEFAULT_LIMITS, lint: lintVerdict })
    const never = new AbortController().signal
    say('opened at a start', await longestTurn(() => withPauses(library.openSteps(), never)))
    if (library.current()?.plans.size !== size.plans + 1) throw new Error('not all plans are there')
    say('a look at what is to fetch', await longestTurn(() => bench.sync.state()))
    console.log(`  resident memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, the publisher's included`)
    return idle.ms
  } finally {
    bench.db.close()
  }
}

try {
  const small = await measure('a hundredth', SMALL)
  const large = await measure('full size', LARGE_FLEET)
  console.log(`scale ratio=${(large / small).toFixed(1)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
