import { type DeviceKey, DeviceStatus, deviceKey, Identity } from '../../../shared/model/device.ts'
import type { Db } from './db.ts'

/** A row of `device`, read back and checked. */
export interface DeviceRow {
  readonly key: DeviceKey
  readonly identity: Identity
  readonly address: string | null
  readonly status: DeviceStatus | null
  readonly statusAt: number | null
  readonly lastSeenAt: number
  readonly lastSeenBy: string
}

export interface SeenDevice {
  readonly identity: Identity
  readonly address: string
  /** Wall-clock ms. */
  readonly at: number
  readonly by: string
}

/** An address that a person asked to look at. */
export interface NamedAddress {
  readonly address: string
  readonly addedBy: string
  readonly addedAt: number
}

type Row = Omit<DeviceRow, 'identity' | 'status'> & { readonly identity: string; readonly status: string | null }

const COLUMNS = `key, identity_json AS identity, address, status_json AS status, status_at AS statusAt,
  last_seen_at AS lastSeenAt, last_seen_by AS lastSeenBy`

/** Devices that were ever seen, and the addresses that people named. */
export function deviceQueries(db: Db) {
  const all = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM device ORDER BY key`)
  const upsert = db.prepare<[string, string, string, string, string, number, number, string]>(
    `INSERT INTO device (key, type, serial, identity_json, address, first_seen_at, last_seen_at, last_seen_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET identity_json = excluded.identity_json, address = excluded.address,
       last_seen_at = excluded.last_seen_at, last_seen_by = excluded.last_seen_by`,
  )
  const status = db.prepare<[string, number, string]>('UPDATE device SET status_json = ?, status_at = ? WHERE key = ?')
  const seen = db.prepare<[number, string]>('UPDATE device SET last_seen_at = ? WHERE key = ?')
  const addresses = db.prepare<[], NamedAddress>(
    'SELECT address, added_by AS addedBy, added_at AS addedAt FROM address ORDER BY added_at, address',
  )
  const add = db.prepare<[string, string, number]>('INSERT OR IGNORE INTO address VALUES (?, ?, ?)')
  const remove = db.prepare<[string]>('DELETE FROM address WHERE address = ?')

  return {
    known: (): readonly DeviceRow[] => all.all().flatMap(rowOf),
    /** A device answered: its row as of now. Within the transaction of its audit entry. */
    saveAppeared({ identity, address, at, by }: SeenDevice): void {
      const json = JSON.stringify(identity)
      upsert.run(deviceKey(identity), identity.type, identity.serial, json, address, at, at, by)
    },
    saveStatus(key: DeviceKey, value: DeviceStatus, at: number): void {
      status.run(JSON.stringify(value), at, key)
    },
    saveSeen(key: DeviceKey, at: number): void {
      seen.run(at, key)
    },
    addresses: (): readonly NamedAddress[] => addresses.all(),
    addAddress: (address: string, by: string, at: number): boolean => add.run(address, by, at).changes > 0,
    removeAddress: (address: string): boolean => remove.run(address).changes > 0,
  }
}

export type DeviceQueries = ReturnType<typeof deviceQueries>

/** A row that cannot be read any more is a device that was never seen, not a console that does not start. */
function rowOf(row: Row): DeviceRow[] {
  const identity = Identity.safeParse(parse(row.identity))
  const status = DeviceStatus.nullable().safeParse(parse(row.status))
  if (!identity.success) return []
  if (!status.success) return [{ ...row, identity: identity.data, status: null, statusAt: null }]
  return [{ ...row, identity: identity.data, status: status.data }]
}

function parse(json: string | null): unknown {
  if (json === null) return null
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
