import { Settings } from '../../../shared/contract/settings.ts'
import type { Db } from './db.ts'

/** What a console has before anybody chose. */
export const DEFAULT_SETTINGS: Settings = {
  palette: 'day',
  size: 'regular',
  language: 'en',
  signOutAfterMinutes: 30,
  syncBudgetBytes: null,
  syncWindow: null,
  syncMeteredBytes: 5_000_000,
}

export function settingQueries(db: Db) {
  const all = db.prepare<[], { name: string; json: string }>('SELECT name, json FROM setting')
  const write = db.prepare<[string, string]>(
    'INSERT INTO setting (name, json) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET json = excluded.json',
  )
  return {
    /** Each setting by itself: one that no longer fits falls back to its default and spoils no other. */
    read(): Settings {
      const stored = new Map(all.all().map(({ name, json }) => [name, json]))
      const read = Object.entries(Settings.shape).flatMap(([name, schema]) => {
        const result = schema.safeParse(parseOrNothing(stored.get(name)))
        return result.success ? [[name, result.data] as const] : []
      })
      return { ...DEFAULT_SETTINGS, ...Object.fromEntries(read) }
    },
    /** Writes the settings that are given and leaves the others. */
    write(change: Partial<Settings>): void {
      db.tx(() => {
        for (const [name, value] of Object.entries(Settings.partial().parse(change))) {
          if (value !== undefined) write.run(name, JSON.stringify(value))
        }
      })
    },
  }
}
export type SettingQueries = ReturnType<typeof settingQueries>

function parseOrNothing(json: string | undefined): unknown {
  if (json === undefined) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
