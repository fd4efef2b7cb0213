import { z } from 'zod'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'

/** What the last good refresh was satisfied by. For people and for the log; the bytes themselves are the proof. */
const SyncFacts = z.object({
  versions: z.record(z.string(), z.int()),
  /** SHA-256 of each metadata file, by role. */
  hashes: z.record(z.string(), z.string()),
})
export type SyncFacts = z.infer<typeof SyncFacts>

export interface SyncRow {
  readonly url: string
  readonly fingerprint: string
  /** ms */
  readonly syncedAt: number
  /** ms */
  readonly issuedAt: number
  readonly facts: SyncFacts
}
type SyncColumns = Omit<SyncRow, 'facts'> & { json: string }

export interface FileChange {
  readonly put: Iterable<readonly [string, Uint8Array]>
  readonly drop: Iterable<string>
}

/** Signed files, byte for byte, in folders by name; and the one record of when they were verified. */
export function trustQueries(db: Db) {
  const one = db.prepare<[string], { bytes: Buffer }>('SELECT bytes FROM trust_file WHERE name = ?')
  const names = db.prepare<[string, string], { name: string }>(
    'SELECT name FROM trust_file WHERE name > ? AND name < ? ORDER BY name',
  )
  const remove = db.prepare<[string]>('DELETE FROM trust_file WHERE name = ?')
  // A file that is there already is not written again: of thousands a sync changes a few.
  const add = db.prepare<[string, Uint8Array, number]>(
    `INSERT INTO trust_file (name, bytes, stored_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, stored_at = excluded.stored_at
       WHERE bytes IS NOT excluded.bytes`,
  )
  const sync = db.prepare<[], SyncColumns>(
    `SELECT url, fingerprint, synced_at AS syncedAt, issued_at AS issuedAt, json FROM trust_sync`,
  )
  const setSync = db.prepare<[string, string, number, number, string]>(
    `INSERT INTO trust_sync (id, url, fingerprint, synced_at, issued_at, json) VALUES (1, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, fingerprint = excluded.fingerprint,
       synced_at = excluded.synced_at, issued_at = excluded.issued_at, json = excluded.json`,
  )
  // The sign after the slash: all names below a folder are between the two.
  const below = (folder: string) =>
    names.all(`${folder}/`, `${folder}0`).map(({ name }) => name.slice(folder.length + 1))
  return {
    /** Names of the files of a folder, in their order. */
    names: below,
    /** One file, by folder and name. */
    file: (folder: string, name: string): Uint8Array | null => one.get(`${folder}/${name}`)?.bytes ?? null,
    /** Writes these files and deletes those, in one transaction. */
    change(folder: string, { put, drop }: FileChange, at: number): void {
      db.tx(() => {
        for (const name of drop) remove.run(`${folder}/${name}`)
        for (const [name, bytes] of put) add.run(`${folder}/${name}`, bytes, at)
      })
    },
    sync(): SyncRow | null {
      const row = sync.get()
      if (!row) return null
      const { json, ...rest } = row
      return { ...rest, facts: readJson(SyncFacts, json, 'trust_sync.json') }
    },
    setSync({ url, fingerprint, syncedAt, issuedAt, facts }: SyncRow): void {
      setSync.run(url, fingerprint, syncedAt, issuedAt, JSON.stringify(facts))
    },
  }
}
export type TrustQueries = ReturnType<typeof trustQueries>
