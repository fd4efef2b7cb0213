import type { Db } from './db.ts'

export interface ArtifactRow {
  readonly sha256: string
  readonly length: number
  /** ms */
  readonly storedAt: number
}

/** A download that has begun. */
export interface PartRow {
  readonly sha256: string
  readonly length: number
  /** What the server called the bytes; null when it gave no name. */
  readonly etag: string | null
  /** ms */
  readonly startedAt: number
}

/** What is in the artifact folder: only rows here make a file there count. */
export function artifactQueries(db: Db) {
  const one = db.prepare<[string], ArtifactRow>(
    'SELECT sha256, length, stored_at AS storedAt FROM artifact WHERE sha256 = ?',
  )
  const all = db.prepare<[], ArtifactRow>('SELECT sha256, length, stored_at AS storedAt FROM artifact ORDER BY sha256')
  const bytes = db.prepare<[], { bytes: number }>('SELECT coalesce(sum(length), 0) AS bytes FROM artifact')
  const add = db.prepare<[string, number, number]>(
    'INSERT INTO artifact (sha256, length, stored_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING',
  )
  const remove = db.prepare<[string]>('DELETE FROM artifact WHERE sha256 = ?')
  const part = db.prepare<[string], PartRow>(
    'SELECT sha256, length, etag, started_at AS startedAt FROM artifact_part WHERE sha256 = ?',
  )
  const setPart = db.prepare<[string, number, string | null, number]>(
    `INSERT INTO artifact_part (sha256, length, etag, started_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET length = excluded.length, etag = excluded.etag, started_at = excluded.started_at`,
  )
  const removePart = db.prepare<[string]>('DELETE FROM artifact_part WHERE sha256 = ?')
  return {
    get: (sha256: string): ArtifactRow | null => one.get(sha256) ?? null,
    all: (): ArtifactRow[] => all.all(),
    /** Bytes of all of them. */
    totalBytes: (): number => bytes.get()?.bytes ?? 0,
    /** Records a whole, verified file; its download is over. */
    add({ sha256, length, storedAt }: ArtifactRow): void {
      db.tx(() => {
        add.run(sha256, length, storedAt)
        removePart.run(sha256)
      })
    },
    remove(sha256: string): void {
      remove.run(sha256)
    },
    part: (sha256: string): PartRow | null => part.get(sha256) ?? null,
    setPart({ sha256, length, etag, startedAt }: PartRow): void {
      setPart.run(sha256, length, etag, startedAt)
    },
    removePart(sha256: string): void {
      removePart.run(sha256)
    },
  }
}
export type ArtifactQueries = ReturnType<typeof artifactQueries>
