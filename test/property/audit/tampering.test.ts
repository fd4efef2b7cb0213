import { join } from 'node:path'
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ChainEntry,
  canonicalClear,
  entryHash,
  epochStart,
  readClear,
} from '../../../electron/host/audit/chain.ts'
import { checkHeadAgainst, checkHeadSignature, signHead } from '../../../electron/host/audit/chain-head.ts'
import { readSegment, segmentLines } from '../../../electron/host/audit/chain-segment.ts'
import { type ChainRow, followRows } from '../../../electron/host/audit/chain-stretch.ts'
import { AuditLog } from '../../../electron/host/audit/log.ts'
import { auditQueries } from '../../../electron/host/store/audit.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { openConsole, testSigner, testTime, testTrust } from '../../fixtures/audit/console.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const signer = testSigner()

/** A sound log of `count` entries after its first. */
async function soundLog(count: number): Promise<ChainRow[]> {
  const db = Db.open(':memory:')
  const queries = auditQueries(db)
  const log = new AuditLog({ db, queries, time: testTime().read, sealer: () => null, tip: null })
  await log.openEpoch({ epoch: 1, firstSeq: 1, reason: 'first-start' }, null)
  await Promise.all(
    Array.from({ length: count }, (_, i) => log.record({ actor: 'ada', action: 'run.phase', subject: `n${i}` })),
  )
  const rows = queries.after(1, 0, count + 1).map((row) => ({ ...row, sealed: Buffer.from(`sealed ${row.seq}`) }))
  db.close()
  return resealed(rows)
}

/** The log as it would be with these sealed bytes: as sound as before. */
function resealed(rows: readonly ChainRow[]): ChainRow[] {
  const out: ChainRow[] = []
  let prev = '0'.repeat(64)
  for (const row of rows) {
    const clear = canonicalClear({ ...readClear(row.clear, row.seq), prev })
    const hash = entryHash(prev, clear, row.sealed)
    out.push({ ...row, clear, hash })
    prev = hash
  }
  return out
}

/** What somebody with the database file open can do to it. */
const tampering = (count: number) => {
  const index = fc.nat({ max: count })
  return fc.oneof(
    fc.record({ kind: fc.constant('edit-clear' as const), at: index, byte: fc.nat() }),
    fc.record({ kind: fc.constant('edit-sealed' as const), at: index, byte: fc.nat() }),
    fc.record({ kind: fc.constant('edit-and-rehash' as const), at: index }),
    fc.record({ kind: fc.constant('drop' as const), at: index }),
    fc.record({ kind: fc.constant('swap' as const), at: index, other: index }),
    fc.record({ kind: fc.constant('repeat' as const), at: index }),
    fc.record({ kind: fc.constant('truncate' as const), at: fc.integer({ min: 1, max: count }) }),
    fc.record({ kind: fc.constant('rewrite-from' as const), at: index }),
  )
}
type Tampering = ReturnType<typeof tampering> extends fc.Arbitrary<infer T> ? T : never

function apply(rows: readonly ChainRow[], act: Tampering): ChainRow[] {
  const out = rows.map((row) => ({ ...row }))
  const row = out[act.at]
  if (row === undefined) return out
  switch (act.kind) {
    case 'edit-clear': {
      const at = act.byte % row.clear.length
      const next = row.clear[at] === 'x' ? 'y' : 'x'
      out[act.at] = { ...row, clear: row.clear.slice(0, at) + next + row.clear.slice(at + 1) }
      return out
    }
    case 'edit-sealed': {
      const sealed = Buffer.from(row.sealed)
      const at = act.byte % sealed.length
      sealed[at] = (sealed[at] ?? 0) ^ 1
      out[act.at] = { ...row, sealed }
      return out
    }
    case 'edit-and-rehash': {
      const clear = row.clear.replace('"ada"', '"eve"').replace('"console"', '"eve"')
      out[act.at] = { ...row, clear, hash: entryHash(JSON.parse(clear).prev, clear, row.sealed) }
      return out
    }
    case 'drop':
      return out.filter((_, i) => i !== act.at)
    case 'swap':
      out[act.at] = out[act.other] ?? row
      out[act.other] = row
      return out
    case 'repeat':
      return [...out.slice(0, act.at + 1), row, ...out.slice(act.at + 1)]
    case 'truncate':
      return out.slice(0, act.at)
    case 'rewrite-from':
      return resealed(out.map((entry, i) => (i < act.at ? entry : { ...entry, sealed: Buffer.from('forged') })))
  }
}

const same = (a: readonly ChainRow[], b: readonly ChainRow[]) =>
  a.length === b.length &&
  a.every(
    (row, i) => row.clear === b[i]?.clear && row.hash === b[i].hash && Buffer.compare(row.sealed, b[i].sealed) === 0,
  )

const logs = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.record({ count: fc.constant(count), act: tampering(count) }))

test('the console finds every edit, drop, reordering, repetition, truncation and rewriting of a log', async () => {
  await fc.assert(
    fc.asyncProperty(logs, async ({ count, act }) => {
      const rows = await soundLog(count)
      const last = rows.at(-1)!
      const head = signHead(signer, { epoch: 1, seq: last.seq, hash: last.hash }, 1)
      const judged = (candidate: readonly ChainRow[]) => {
        const { end, problem } = followRows(epochStart(1, 1), candidate)
        if (problem !== null) return problem.code
        try {
          checkHeadSignature(head, signer.publicKey)
          checkHeadAgainst(head, end, () => null)
          return 'sound'
        } catch (error) {
          return (error as { code: string }).code
        }
      }
      expect(judged(rows)).toBe('sound')
      const tampered = apply(rows, act)
      fc.pre(!same(rows, tampered))
      expect(judged(tampered)).toMatch(/^audit\.(chain-broken|gap|truncated|fork)$/)
    }),
    { numRuns: 300 },
  )
})

test('the reader of a segment finds all of it as well, whatever the tamperer did to header and head', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.boolean(), async ({ count, act }, adjust) => {
      const rows = await soundLog(count)
      const last = rows.at(-1)!
      const head = signHead(signer, { epoch: 1, seq: last.seq, hash: last.hash }, 1)
      const tampered = apply(rows, act)
      fc.pre(!same(rows, tampered))
      const entries: ChainEntry[] = tampered.flatMap((row) => {
        try {
          return [{ clear: JSON.parse(row.clear), hash: row.hash, sealed: row.sealed }]
        } catch {
          return []
        }
      })
      // A careful tamperer makes the header fit what is left; the head they cannot sign.
      const through = adjust ? Math.max(1, entries.length) : rows.length
      const header = {
        format: 'slipway.audit-segment/1' as const,
        console: signer.console,
        epoch: 1,
        first: 1,
        last: through,
        prev: '0'.repeat(64),
      }
      const bytes = Buffer.concat([...segmentLines(header, entries, head)])
      await expect(readSegment(pieces(bytes, 100))).rejects.toThrow(/audit\.|trust\./)
    }),
    { numRuns: 200 },
  )
})

test('a segment is read in any chunking, and cut anywhere it is refused', async () => {
  const rows = await soundLog(4)
  const last = rows.at(-1)!
  const head = signHead(signer, { epoch: 1, seq: last.seq, hash: last.hash }, 1)
  const header = {
    format: 'slipway.audit-segment/1' as const,
    console: signer.console,
    epoch: 1,
    first: 1,
    last: 5,
    prev: '0'.repeat(64),
  }
  const entries = rows.map(({ clear, hash, sealed, seq }) => ({ clear: readClear(clear, seq), hash, sealed }))
  const bytes = Buffer.concat([...segmentLines(header, entries, head)])
  for (const size of [1, 7, 64, 4096]) {
    expect(await readSegment(pieces(bytes, size))).toMatchObject({ header, head, end: { seq: 5 } })
  }
  for (let cut = 0; cut < bytes.length; cut += 1) {
    await expect(readSegment(pieces(bytes.subarray(0, cut), 512)), `cut at ${cut}`).rejects.toThrow(
      /audit\.(truncated|bad-segment)/,
    )
  }
  await expect(readSegment(pieces(Buffer.concat([bytes, Buffer.from('{}\n')]), 512))).rejects.toThrow(/trailing/)
})

test('no bytes whatever crash the reader of segments or make it keep them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
      await expect(readSegment(pieces(bytes, size))).rejects.toThrow(/audit\.(truncated|bad-segment|chain-broken|gap)/)
    }),
    { numRuns: 300 },
  )
  async function* endless() {
    for (;;) yield Buffer.alloc(64 * 1024, 0x61)
  }
  await expect(readSegment(endless())).rejects.toThrow(/line-too-long/)
})

test('what is done to the database behind a running console is found by its verification', async () => {
  const { policy } = await testTrust()
  const acts = [
    'UPDATE audit_entry SET clear = replace(clear, \'"ada"\', \'"eve"\') WHERE seq = 4',
    'UPDATE audit_entry SET sealed = zeroblob(8) WHERE seq = 2',
    'DELETE FROM audit_entry WHERE seq = 3',
    'DELETE FROM audit_entry WHERE seq >= 5',
    'DELETE FROM audit_entry',
    'UPDATE audit_entry SET seq = 100 + seq WHERE seq = 3',
    'UPDATE audit_entry SET hash = (SELECT hash FROM audit_entry WHERE seq = 2) WHERE seq = 6',
    'INSERT INTO audit_entry SELECT 7, epoch, clear, hash, sealed FROM audit_entry WHERE seq = 6',
    `UPDATE audit_epoch SET anchor_seq = 3, anchor_hash = (SELECT hash FROM audit_entry WHERE seq = 3); DELETE FROM audit_entry WHERE seq <= 3`,
  ]
  for (const act of acts) {
    const dir = tempDir()
    const { audit, close } = await openConsole(dir, { signer, policy, key: 'new' })
    for (let i = 0; i < 5; i += 1) await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: `n${i}` })
    const db = new Database(join(dir, 'slipway.db'))
    db.exec(act)
    db.close()
    // Found, and the log can still be written to and proved from there on.
    await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'x' }).catch(() => undefined)
    expect({ act, ok: (await audit.verify('console')).ok }).toEqual({ act, ok: false })
    await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'after' })
    expect({ act, epoch: audit.state().epoch }).toEqual({ act, epoch: 2 })
    await close()
  }
})

test('a row that somebody put where the log would go on is found before anything is recorded', async () => {
  const { policy } = await testTrust()
  const dir = tempDir()
  const { audit, close } = await openConsole(dir, { signer, policy, key: 'new' })
  const db = new Database(join(dir, 'slipway.db'))
  db.exec('INSERT INTO audit_entry SELECT 2, epoch, clear, hash, sealed FROM audit_entry WHERE seq = 1')
  db.close()
  expect(await audit.verify('console')).toMatchObject({ ok: false, reason: { detail: { seq: 2, what: 'taken' } } })
  await audit.recorder.record({ actor: 'ada', action: 'run.phase', subject: 'after' })
  expect(audit.state()).toMatchObject({ epoch: 2, lastSeq: 5 })
  await close()
})

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}
