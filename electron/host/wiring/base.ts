import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../shared/clock.ts'
import { sha256Hex } from '../crypto/hash.ts'
import { randomBytes } from '../crypto/random.ts'
import type { HostOptions } from '../host.ts'
import { type ConsoleIdentity, openConsoleIdentity } from '../people/console-identity.ts'
import { type KeyProtector, shellProtector } from '../people/key-protector.ts'
import { Db } from '../store/db.ts'
import { type FactQueries, factQueries } from '../store/facts.ts'
import { machineBoot, TrustedTime } from '../sync/trusted-time.ts'
import type { UndoList } from '../undo-list.ts'
import { WorkerPool } from '../worker/pool.ts'
import { systemClock } from './parts.ts'
import { PowerWatch } from './power.ts'

/** What everything else stands on. */
export interface Base {
  readonly db: Db
  readonly facts: FactQueries
  readonly clock: Clock
  /** How late it is at this start is noted with the first audit entry: one commit for both. */
  readonly time: TrustedTime
  /** Effective time, ms since 1970: never behind what was signed. */
  readonly now: () => number
  readonly pool: WorkerPool
  readonly power: PowerWatch
  readonly protector: KeyProtector
  readonly console: ConsoleIdentity
  /** Names this life of the host. */
  readonly hostId: string
  /** Fires when the host closes. */
  readonly closing: AbortController
}

/** ms between notes of how late it is, so that a crash forgets little of what has passed. */
const OBSERVE_EVERY_MS = 10 * 60_000

/** Opens the store, the keys and the threads. Throws `store.*`, `disk.full`, `host.no-keystore`, `file.unreadable`. */
export async function openBase({ dataDir, shell, parts = {}, log }: HostOptions, undo: UndoList): Promise<Base> {
  const clock = parts.clock ?? systemClock
  const { onCommit, beforeCommit } = parts
  const hooks = { ...(onCommit && { onCommit }), ...(beforeCommit && { beforeCommit }) }
  const db = Db.open(join(dataDir, 'slipway.db'), { now: () => clock.now(), ...hooks })
  undo.add(() => db.close())
  const facts = factQueries(db)
  const freshDatabase = facts.get(MADE) === null
  if (freshDatabase) facts.set(MADE, String(clock.now()))

  const pool = new WorkerPool({ workerUrl: workerUrl() })
  undo.add(() => pool.close())
  const power = new PowerWatch(shell)
  undo.add(() => power.close())
  const closing = new AbortController()
  const protector = shellProtector(shell)
  const console = await openConsoleIdentity({ dataDir, protector, facts, freshDatabase, name: hostname() })

  const hostId = sha256Hex(randomBytes(16)).slice(0, 16)
  const time = new TrustedTime({ clock, facts, boot: machineBoot(clock, hostId) })
  const observing = setInterval(() => {
    try {
      time.observe()
    } catch (error) {
      log.unexpected(error, 'note the time')
    }
  }, OBSERVE_EVERY_MS)
  observing.unref()
  undo.add(() => clearInterval(observing))
  const now = () => Math.floor(time.now().now)
  return { db, facts, clock, time, now, pool, power, protector, console, hostId, closing }
}

/** When this database was made, ms. */
const MADE = 'store.made'

/** The worker's entry beside this program: from the sources, or as bundled. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? '../worker/worker.ts' : './worker.js', import.meta.url)
}
