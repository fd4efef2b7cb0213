import type { Db } from './db.ts'

/** Small facts about this console that no document signs: its chosen site, a high-water mark. */
export function factQueries(db: Db) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM fact WHERE name = ?')
  const write = db.prepare<[string, string]>(
    'INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const remove = db.prepare<[string]>('DELETE FROM fact WHERE name = ?')
  return {
    get: (name: string): string | null => read.get(name)?.value ?? null,
    set(name: string, value: string): void {
      write.run(name, value)
    },
    remove(name: string): void {
      remove.run(name)
    },
  }
}
export type FactQueries = ReturnType<typeof factQueries>
