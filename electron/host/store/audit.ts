import { AppError, type ErrorData } from '../../../shared/errors.ts'
import { AuditHead } from '../../../shared/model/audit.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'
import { isConstraint } from './store-error.ts'

/** An entry as it is stored. `clear` is canonical JSON, exactly as hashed; `sealed` is an age file or empty. */
export interface EntryRow {
  readonly seq: number
  readonly epoch: number
  readonly clear: string
  readonly hash: string
  readonly sealed: Uint8Array
}

export interface EpochRow {
  readonly epoch: number
  readonly reason: string
  readonly openedAt: number
  readonly firstSeq: number
  /** The chain that is still here begins after this entry. */
  readonly anchorSeq: number
  readonly anchorHash: string
  readonly broken: ErrorData | null
}

export interface ChainTip {
  readonly epoch: number
  readonly seq: number
  readonly hash: string
}

type EpochColumns = Omit<EpochRow, 'broken'> & { brokenJson: string | null }

/** The first entry of epoch `$epoch`, and the first after it: without an index that every append would pay for. */
const FIRST = '(SELECT first_seq FROM audit_epoch WHERE epoch = $epoch)'
const NEXT = '(SELECT ifnull(min(first_seq), 9223372036854775807) FROM audit_epoch WHERE epoch > $epoch)'
// One bound on each side: of two lower bounds SQLite seeks by one and filters by the other, row by row.
const IN_EPOCH = `seq >= ${FIRST} AND seq < ${NEXT}`
const AFTER_IN_EPOCH = `seq > max($seq, ${FIRST} - 1) AND seq < ${NEXT}`
const THROUGH_IN_EPOCH = `seq >= ${FIRST} AND seq <= min($seq, ${NEXT} - 1)`

interface InEpoch {
  readonly epoch: number
}

/** Signed heads that are kept an epoch; older ones say nothing that a newer one does not. */
const HEADS_KEPT = 16

/** Entries, epochs and heads: the log itself. What is on its way to the server is in `outbox.ts`. */
export function auditQueries(db: Db) {
  const addEntry = db.prepare<[number, number, string, string, Uint8Array]>(
    'INSERT INTO audit_entry (seq, epoch, clear, hash, sealed) VALUES (?, ?, ?, ?, ?)',
  )
  const newest = db.prepare<[], ChainTip>('SELECT epoch, seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1')
  const lastOf = db.prepare<InEpoch, ChainTip>(
    `SELECT epoch, seq, hash FROM audit_entry WHERE ${IN_EPOCH} ORDER BY seq DESC LIMIT 1`,
  )
  const stretch = db.prepare<InEpoch & { seq: number; limit: number }, EntryRow>(
    `SELECT seq, epoch, clear, hash, sealed FROM audit_entry WHERE ${AFTER_IN_EPOCH} ORDER BY seq LIMIT $limit`,
  )
  const at = db.prepare<[number, number], { hash: string }>('SELECT hash FROM audit_entry WHERE epoch = ? AND seq = ?')
  const before = db.prepare<[number, number], Omit<EntryRow, 'sealed'> & { sealedBytes: number }>(
    `SELECT seq, epoch, clear, hash, length(sealed) AS sealedBytes FROM audit_entry
     WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
  )
  const asksForUpload = db.prepare<InEpoch & { seq: number; quiet: string }, { found: number }>(
    `SELECT 1 AS found FROM audit_entry WHERE ${AFTER_IN_EPOCH}
     AND clear ->> '$.action' NOT IN (SELECT value FROM json_each($quiet)) LIMIT 1`,
  )
  const remove = db.prepare<InEpoch & { seq: number }>(`DELETE FROM audit_entry WHERE ${THROUGH_IN_EPOCH}`)

  const epochs = db.prepare<[], EpochColumns>(
    `SELECT epoch, reason, opened_at AS openedAt, first_seq AS firstSeq, anchor_seq AS anchorSeq, anchor_hash AS anchorHash,
       broken_json AS brokenJson FROM audit_epoch ORDER BY epoch`,
  )
  const addEpoch = db.prepare<[number, string, number, number, number, string]>(
    `INSERT INTO audit_epoch (epoch, reason, opened_at, first_seq, anchor_seq, anchor_hash) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const moveAnchor = db.prepare<[number, string, number]>(
    'UPDATE audit_epoch SET anchor_seq = ?, anchor_hash = ? WHERE epoch = ?',
  )
  const setBroken = db.prepare<[string, number]>('UPDATE audit_epoch SET broken_json = ? WHERE epoch = ?')

  const addHead = db.prepare<[number, number, string]>(
    'INSERT INTO audit_head (epoch, seq, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const heads = db.prepare<[number], { json: string }>('SELECT json FROM audit_head WHERE epoch = ? ORDER BY seq')
  const forgetHeads = db.prepare<InEpoch & { keep: number }>(
    `DELETE FROM audit_head WHERE epoch = $epoch AND seq NOT IN
     (SELECT seq FROM audit_head WHERE epoch = $epoch ORDER BY seq DESC LIMIT $keep)`,
  )

  return {
    /** Throws `audit.chain-broken` when its place is taken: somebody else has written to the log. */
    append({ seq, epoch, clear, hash, sealed }: EntryRow): void {
      try {
        addEntry.run(seq, epoch, clear, hash, sealed)
      } catch (error) {
        throw isConstraint(error)
          ? new AppError('audit.chain-broken', { detail: { seq, what: 'taken' }, cause: error })
          : error
      }
    },
    /** The newest entry of the log, or of one epoch. Null when none is left here. */
    tip: (epoch?: number): ChainTip | null => (epoch === undefined ? newest.get() : lastOf.get({ epoch })) ?? null,
    /** Entries of an epoch after `seq`, oldest first. */
    after: (epoch: number, seq: number, limit: number): EntryRow[] => stretch.all({ epoch, seq, limit }),
    hashAt: (epoch: number, seq: number): string | null => at.get(epoch, seq)?.hash ?? null,
    /** Newest first, from before `seq`. */
    list: (seq: number, limit: number) => before.all(seq, limit),
    /** Is there an entry after `seq` whose action is none of `quiet`? */
    hasOtherThan: (epoch: number, seq: number, quiet: readonly string[]): boolean =>
      asksForUpload.get({ epoch, seq, quiet: JSON.stringify(quiet) }) !== undefined,
    /** Removes entries up to `seq` and moves the anchor there. */
    prune(epoch: number, seq: number, hash: string): number {
      moveAnchor.run(seq, hash, epoch)
      return remove.run({ epoch, seq }).changes
    },

    epochs: (): EpochRow[] =>
      epochs.all().map(({ brokenJson, ...row }) => ({
        ...row,
        broken: brokenJson === null ? null : readJson(ErrorDataSchema, brokenJson, 'audit_epoch.broken_json'),
      })),
    openEpoch(row: Omit<EpochRow, 'broken'>): void {
      addEpoch.run(row.epoch, row.reason, row.openedAt, row.firstSeq, row.anchorSeq, row.anchorHash)
    },
    setBroken(epoch: number, problem: ErrorData): void {
      setBroken.run(JSON.stringify(problem), epoch)
    },

    addHead(head: AuditHead): void {
      addHead.run(head.epoch, head.seq, JSON.stringify(head))
      forgetHeads.run({ epoch: head.epoch, keep: HEADS_KEPT })
    },
    /** Signed heads of an epoch, oldest first. */
    heads: (epoch: number): AuditHead[] =>
      heads.all(epoch).map(({ json }) => readJson(AuditHead, json, 'audit_head.json')),
  }
}
export type AuditQueries = ReturnType<typeof auditQueries>
