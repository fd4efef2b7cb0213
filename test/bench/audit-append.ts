/**
 * Durable sealed entries a second, against bare better-sqlite3 commits of rows of the same size on the
 * same disk in the same run. Ours seals each entry's detail to two recipients, chains it and commits it.
 * Each round holds both against the disk of that moment; the result is the median of the rounds' ratios.
 *
 * The work is a wave of a batch: four devices in parallel, each of which records, waits until the entry
 * is durable, and only then goes on. One device alone is printed as well: there each entry is a commit
 * of its own, and the disk falls idle between two of them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AuditLog } from '../../electron/host/audit/log.ts'
import { ageSealer, generateAgeIdentity } from '../../electron/host/crypto/age-seal.ts'
import { auditQueries } from '../../electron/host/store/audit.ts'
import { Db } from '../../electron/host/store/db.ts'
import { WorkerPool } from '../../electron/host/worker/pool.ts'
import { median } from '../fixtures/in-turns.ts'

const ENTRIES = 3000
const ROUNDS = 7
/** Until everything is compiled, and the key exchanges of a start are used up. */
const WARM_UP = 2000
const DEVICES = 4

const dir = mkdtempSync(join(process.env.SLIPWAY_BENCH_DIR ?? tmpdir(), 'slipway-bench-'))
const detail = (i: number) => ({
  act: 'upload',
  image: { component: 'app', version: '2.5.0', sha256: 'c0ffee'.repeat(10), offset: i * 4096, length: 262_144 },
  device: { type: 'acme-crane', serial: 'CR-0042' },
})

try {
  const { bytes, ...ours } = await openOurs()
  const bare = openBare(bytes)
  await ours.run(WARM_UP, DEVICES)
  bare(WARM_UP)

  const alone: number[] = []
  const wave: number[] = []
  const peer: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    peer.push(bare(ENTRIES))
    wave.push(await ours.run(ENTRIES, DEVICES))
    alone.push(await ours.run(ENTRIES / 2, 1))
  }
  await ours.close()
  const [theirs, parallel, single] = [median(peer), median(wave), median(alone)]
  const ratio = (rates: readonly number[]) => median(rates.map((one, round) => one / (peer[round] ?? Number.NaN)))
  console.log(`bare commits of ${bytes} B     ${theirs.toFixed(0)} /s   (${peer.map((n) => n.toFixed(0)).join(', ')})`)
  console.log(
    `sealed entries, ${DEVICES} devices  ${parallel.toFixed(0)} /s   (${wave.map((n) => n.toFixed(0)).join(', ')})`,
  )
  console.log(`sealed entries, 1 device   ${single.toFixed(0)} /s   ratio ${ratio(alone).toFixed(3)}`)
  console.log(`audit-append ratio=${ratio(wave).toFixed(3)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function openOurs() {
  const db = Db.open(join(dir, 'ours.db'))
  const queries = auditQueries(db)
  // As the host wires it: the key exchanges of sealing are made ahead on another thread.
  const pool = new WorkerPool({ workerUrl: new URL('../../electron/host/worker/worker.ts', import.meta.url), size: 1 })
  const keys = await Promise.all([generateAgeIdentity(), generateAgeIdentity()])
  const recipients = keys.map(({ recipient }) => recipient)
  const sealer = ageSealer(recipients, (recipient, count) => pool.run('age-wrap-keys', { recipient, count }))
  const time = () => ({
    wall: Date.now(),
    mono: Math.floor(performance.now()),
    source: 'wall' as const,
    uncertainty: null,
  })
  const log = new AuditLog({ db, queries, time, sealer: () => sealer, tip: null })
  await log.openEpoch({ epoch: 1, firstSeq: 1, reason: 'first-start' }, null)

  const record = async (device: number, count: number) => {
    for (let i = 0; i < count; i += 1) {
      const entry = { actor: 'ada-3f2a', action: 'run.outcome', subject: `run-${device}`, detail: detail(i) } as const
      await log.record(entry)
    }
  }
  const run = (entries: number, devices: number) =>
    rate(entries, () => Promise.all(Array.from({ length: devices }, (_, device) => record(device, entries / devices))))

  await record(0, 1)
  const row = queries.after(1, 1, 1)[0]
  const bytes = row ? row.clear.length + row.hash.length + row.sealed.length : 0
  const close = async () => {
    db.close()
    await pool.close()
  }
  return { run, bytes, close }
}

/** What the disk and SQLite allow: one row of the same size a transaction, same durability. */
function openBare(bytes: number): (entries: number) => number {
  const sqlite = new Database(join(dir, 'bare.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT')
  const insert = sqlite.prepare('INSERT INTO entry (data) VALUES (?)')
  const row = Buffer.alloc(bytes, 7)
  const commit = sqlite.transaction(() => insert.run(row))
  return (entries) => {
    const began = performance.now()
    for (let i = 0; i < entries; i += 1) commit.immediate()
    return (entries * 1000) / (performance.now() - began)
  }
}

async function rate(entries: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (entries * 1000) / (performance.now() - began)
}
