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

/** Signed files, byte for byte, in folders by name; and the one record of when they were verified. */
export function trustQueries(db: Db) {
  const files = db.prepare<[string], { name: string; bytes: Buffer }>(
    "SELECT name, bytes FROM trust_file WHERE name GLOB ? || '/*' ORDER BY name",
  )
  const names = db.prepare<[string], { name: string }>("SELECT name FROM trust_file WHERE name GLOB ? || '/*'")
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
  return {
    /** Files of a folder by their name in it, in order of names. */
    folder: (name: string): Map<string, Uint8Array> =>
      new Map(files.all(name).map((row) => [row.name.slice(name.length + 1), row.bytes])),
    /** Makes a folder hold exactly these files. */
    replaceFolder(name: string, content: ReadonlyMap<string, Uint8Array>, at: number): void {
      db.tx(() => {
        for (const { name: old } of names.all(name)) if (!content.has(old.slice(name.length + 1))) remove.run(old)
        for (const [file, bytes] of content) add.run(`${name}/${file}`, bytes, at)
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
