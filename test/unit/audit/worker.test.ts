import { expect, onTestFinished, test } from 'vitest'
import { epochStart } from '../../../electron/host/audit/chain.ts'
import { AuditLog } from '../../../electron/host/audit/log.ts'
import { ageOpener, ageSealer, generateAgeIdentity } from '../../../electron/host/crypto/age-seal.ts'
import { auditQueries } from '../../../electron/host/store/audit.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { WorkerPool } from '../../../electron/host/worker/pool.ts'
import { testTime } from '../../fixtures/audit/console.ts'

function pool(): WorkerPool {
  const workers = new WorkerPool({
    workerUrl: new URL('../../../electron/host/worker/worker.ts', import.meta.url),
    size: 1,
  })
  onTestFinished(() => workers.close())
  return workers
}

test('a worker follows the chain as the host does, and names what is wrong in the same words', async () => {
  const workers = pool()
  const db = Db.open(':memory:')
  const queries = auditQueries(db)
  const log = new AuditLog({ db, queries, time: testTime().read, sealer: () => null, tip: null })
  await log.openEpoch({ epoch: 1, firstSeq: 1, reason: 'first-start' }, null)
  for (let i = 0; i < 5; i += 1) await log.record({ actor: 'ada', action: 'run.phase', subject: `n${i}` })
  const rows = queries.after(1, 0, 10)
  const from = epochStart(1, 1)
  expect(await workers.run('audit-stretch', { from, rows })).toEqual({ end: log.tip, problem: null })
  const damaged = rows.map((row) => (row.seq === 3 ? { ...row, hash: 'f'.repeat(64) } : row))
  expect(await workers.run('audit-stretch', { from, rows: damaged })).toMatchObject({
    end: { seq: 2 },
    problem: { code: 'audit.chain-broken', detail: { seq: 3, what: 'content' } },
  })
})

test('entries are sealed with key exchanges that a worker made', async () => {
  const workers = pool()
  const { identity, recipient } = await generateAgeIdentity()
  const orders: Promise<Uint8Array>[] = []
  const sealer = ageSealer([recipient], (key, count) => {
    const order = workers.run('age-wrap-keys', { recipient: key, count })
    orders.push(order)
    return order
  })
  const plain = Buffer.from('parked')
  for (let i = 0; i < 40; i += 1) await sealer.seal(plain)
  // One order stands, however long the thread takes to come up: each exchange is a share and a key of 32 bytes.
  const lengths = (await Promise.all(orders)).map((packed) => packed.length / 64)
  expect(lengths).toEqual([512])
  for (let i = 0; i < 20; i += 1) {
    expect(Buffer.from((await ageOpener([identity]).open(await sealer.seal(plain))) ?? [])).toEqual(plain)
  }
})
