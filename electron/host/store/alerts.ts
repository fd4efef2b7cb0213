import { type Alert, AlertLevel } from '../../../shared/contract/alerts.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'

interface AlertRow {
  id: string
  level: string
  subject: string
  reason_json: string
  raised_at: number
  active: number
  acknowledged_at: number | null
  acknowledged_by: string | null
}

/** Alerts outlive a restart: one stays until its cause is gone and a person has acknowledged it. */
export function alertQueries(db: Db) {
  const all = db.prepare<[], AlertRow>('SELECT * FROM alert ORDER BY raised_at DESC, id')
  const raise = db.prepare<[string, string, string, string, number]>(
    `INSERT INTO alert (id, level, subject, reason_json, raised_at, active) VALUES (?, ?, ?, ?, ?, 1)
     ON CONFLICT (id) DO UPDATE SET level = excluded.level, reason_json = excluded.reason_json, active = 1,
       raised_at = iif(active = 1, raised_at, excluded.raised_at),
       acknowledged_at = iif(active = 1, acknowledged_at, NULL),
       acknowledged_by = iif(active = 1, acknowledged_by, NULL)`,
  )
  const clear = db.prepare<[string]>('UPDATE alert SET active = 0 WHERE id = ? AND active = 1')
  const acknowledge = db.prepare<[number, string, string]>(
    'UPDATE alert SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL',
  )
  const forget = db.prepare<[]>('DELETE FROM alert WHERE active = 0 AND acknowledged_at IS NOT NULL')

  return {
    /** Newest first. */
    list: (): Alert[] =>
      all.all().map((row) => ({
        id: row.id,
        level: AlertLevel.parse(row.level),
        subject: row.subject,
        reason: readJson(ErrorDataSchema, row.reason_json, 'alert.reason_json'),
        raisedAt: row.raised_at,
        active: row.active === 1,
        acknowledgedAt: row.acknowledged_at,
        acknowledgedBy: row.acknowledged_by,
      })),
    /** A cause that comes back after it was gone is a new alert: it wants acknowledging again. */
    raise({
      id,
      level,
      subject,
      reason,
      raisedAt,
    }: Pick<Alert, 'id' | 'level' | 'subject' | 'reason' | 'raisedAt'>): void {
      raise.run(id, level, subject, JSON.stringify(reason), raisedAt)
    },
    /** The cause is gone. True when it was there. */
    clear: (id: string): boolean => clear.run(id).changes > 0,
    /** False when there is no such alert or it was acknowledged before. */
    acknowledge: (id: string, by: string, at: number): boolean => acknowledge.run(at, by, id).changes > 0,
    /** Drops what is both over and acknowledged. */
    forgetSettled(): void {
      forget.run()
    },
  }
}
export type AlertQueries = ReturnType<typeof alertQueries>
