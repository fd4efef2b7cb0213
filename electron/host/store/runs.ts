import { AppError } from '../../../shared/errors.ts'
import { RunResult } from '../../../shared/model/run.ts'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'

/** A run as stored. What `state` and `frozen` mean is for the run itself to say: here they are text. */
export interface RunRow {
  readonly id: string
  readonly planId: string
  readonly device: string
  readonly actor: string
  readonly phase: string
  readonly state: string
  readonly frozen: string
  readonly result: RunResult | null
  /** ms since 1970 */
  readonly startedAt: number
  /** Null while it is not over; at most one such run a device. */
  readonly endedAt: number | null
}
type RunColumns = Omit<RunRow, 'result'> & { result: string | null }

export interface JournalRow {
  readonly n: number
  readonly kind: 'intent' | 'outcome' | 'note'
  readonly act: string
  readonly json: string
  readonly at: number
}

const COLUMNS = `id, plan_id AS planId, device, actor, phase, state_json AS state, frozen_json AS frozen,
  result_json AS result, started_at AS startedAt, ended_at AS endedAt`

/** Runs and their journals. */
export function runQueries(db: Db) {
  const add = db.prepare<[string, string, string, string, string, string, string, number]>(
    `INSERT INTO run (id, plan_id, device, actor, phase, state_json, frozen_json, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const put = db.prepare<[string, string, string | null, number | null, string]>(
    'UPDATE run SET phase = ?, state_json = ?, result_json = ?, ended_at = ? WHERE id = ?',
  )
  const one = db.prepare<[string], RunColumns>(`SELECT ${COLUMNS} FROM run WHERE id = ?`)
  const unfinished = db.prepare<[], RunColumns>(
    `SELECT ${COLUMNS} FROM run WHERE ended_at IS NULL ORDER BY started_at, id`,
  )
  const listed = db.prepare<[number], { id: string }>(
    `SELECT id FROM run
     WHERE ended_at IS NULL OR id IN (SELECT id FROM run ORDER BY started_at DESC, id DESC LIMIT ?)
     ORDER BY started_at DESC, id DESC`,
  )
  const ofDevice = db.prepare<[string, number], { id: string }>(
    'SELECT id FROM run WHERE device = ? ORDER BY started_at DESC, id DESC LIMIT ?',
  )
  const busy = db.prepare<[string], { id: string }>('SELECT id FROM run WHERE device = ? AND ended_at IS NULL')
  const note = db.prepare<[string, number, string, string, string, number]>(
    'INSERT INTO run_journal (run, n, kind, act, json, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const lines = db.prepare<[string], JournalRow>(
    'SELECT n, kind, act, json, at FROM run_journal WHERE run = ? ORDER BY n',
  )
  const last = db.prepare<[string], { n: number | null }>('SELECT max(n) AS n FROM run_journal WHERE run = ?')

  const read = ({ result, ...row }: RunColumns): RunRow => ({
    ...row,
    result: result === null ? null : readJson(RunResult, result, 'run.result_json'),
  })

  return {
    /** Throws `run.device-busy` { run } when the device has an unfinished run. */
    insert({ id, planId, device, actor, phase, state, frozen, startedAt }: Omit<RunRow, 'result' | 'endedAt'>): void {
      this.requireFree(device)
      add.run(id, planId, device, actor, phase, state, frozen, startedAt)
    },
    /** Throws `run.device-busy` { run } when another run of the device is not over. */
    requireFree(device: string, but?: string): void {
      const other = busy.get(device)
      if (other && other.id !== but) throw new AppError('run.device-busy', { detail: { device, run: other.id } })
    },
    update(
      id: string,
      { phase, state, result, endedAt }: Pick<RunRow, 'phase' | 'state' | 'result' | 'endedAt'>,
    ): void {
      put.run(phase, state, result === null ? null : JSON.stringify(result), endedAt, id)
    },
    get: (id: string): RunRow | null => {
      const row = one.get(id)
      return row ? read(row) : null
    },
    /** Oldest first. */
    unfinished: (): RunRow[] => unfinished.all().map(read),
    /** The newest so many, and every one that is not over; newest first. */
    listed: (limit: number): string[] => listed.all(limit).map(({ id }) => id),
    /** Newest first. */
    ofDevice: (device: string, limit: number): string[] => ofDevice.all(device, limit).map(({ id }) => id),
    addToJournal(run: string, { n, kind, act, json, at }: JournalRow): void {
      note.run(run, n, kind, act, json, at)
    },
    journal: (run: string): JournalRow[] => lines.all(run),
    /** Number of the newest line; 0 when there is none. */
    lastLine: (run: string): number => last.get(run)?.n ?? 0,
  }
}
export type RunQueries = ReturnType<typeof runQueries>
