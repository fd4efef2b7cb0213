import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canonicalClear, entryHash } from '../../electron/host/audit/chain.ts'
import { auditQueries } from '../../electron/host/store/audit.ts'
import { Db } from '../../electron/host/store/db.ts'
import { WorkerPool } from '../../electron/host/worker/pool.ts'
import { openConsole, testSigner, testTrust } from '../fixtures/audit/console.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

const ENTRIES = 100_000

/** Grows the log behind the console's back, soundly: as if it had been recorded over years. */
function grow(path: string, count: number): void {
  const db = Db.open(path)
  const queries = auditQueries(db)
  let tip = queries.tip()!
  const sealed = Buffer.alloc(400, 7)
  for (let done = 0; done < count; done += 5000) {
    db.tx(() => {
      for (let i = 0; i < 5000; i += 1) {
        const clear = {
          seq: tip.seq + 1,
          epoch: 1,
          time: { wall: 1, mono: 1, source: 'wall' as const, uncertainty: null },
          actor: 'ada',
          action: 'run.phase' as const,
          subject: `n${tip.seq}`,
          prev: tip.hash,
        }
        const text = canonicalClear(clear)
        const hash = entryHash(tip.hash, text, sealed)
        queries.append({ seq: clear.seq, epoch: 1, clear: text, hash, sealed })
        tip = { epoch: 1, seq: clear.seq, hash }
      }
    })
  }
  db.close()
}

/**
 * The longest turn of the event loop while `work` goes on, in CPU time of this thread: other processes
 * of a busy machine make a loop late, they do not make it work.
 */
async function longestTurn<T>(work: () => Promise<T>): Promise<{ result: T; longestMs: number }> {
  const cpu = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let [longestMs, last] = [0, cpu()]
  const timer = setInterval(() => {
    const now = cpu()
    longestMs = Math.max(longestMs, now - last)
    last = now
  }, 1)
  const result = await work()
  clearInterval(timer)
  return { result, longestMs }
}

test('a hundred thousand entries are proved without holding up the host', { timeout: 180_000 }, async (context) => {
  const dir = tempDir()
  const options = { signer: testSigner(), policy: (await testTrust()).policy }
  const made = await openConsole(dir, { ...options, key: 'new' })
  await made.close()
  grow(join(dir, 'slipway.db'), ENTRIES)

  const pool = new WorkerPool({ workerUrl: new URL('../../electron/host/worker/worker.ts', import.meta.url) })
  onTestFinished(() => pool.close())
  const { audit, close } = await openConsole(dir, {
    ...options,
    check: (from, rows, signal) => pool.run('audit-stretch', { from, rows }, { signal }),
  })
  // The first use of each primitive asks it known questions; that is the start's business, not this one's.
  await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'warm', detail: {} })
  await audit.checkpoint()
  const { result: report, longestMs } = await longestTurn(() => audit.verify('ada'))
  void context.annotate(`longest turn of the loop: ${longestMs.toFixed(0)} ms`)
  expect(report).toMatchObject({ ok: true, entries: ENTRIES + 2, first: 1, last: ENTRIES + 2 })
  expect(longestMs).toBeLessThan(50)

  // What people do meanwhile goes on, and a verification that is no longer wanted ends.
  const stop = new AbortController()
  const again = audit.verify('ada', stop.signal)
  await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'meanwhile' })
  stop.abort()
  await expect(again).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
  await close()
})
