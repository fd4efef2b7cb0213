import type { Settings } from '../../../shared/contract/settings.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { SettingQueries } from '../store/settings.ts'
import { Changes } from './changes.ts'

/** Settings that change who may do what, or for how long: those go on record. */
const RECORDED: readonly (keyof Settings)[] = [
  'signOutAfterMinutes',
  'syncBudgetBytes',
  'syncWindow',
  'syncMeteredBytes',
]

/** What people set on this laptop. */
export class SettingsService extends Changes {
  readonly #queries: SettingQueries
  readonly #recorder: AuditRecorder
  #current: Settings

  constructor(queries: SettingQueries, recorder: AuditRecorder) {
    super()
    this.#queries = queries
    this.#recorder = recorder
    this.#current = queries.read()
  }

  read(): Settings {
    return this.#current
  }

  async write(change: Partial<Settings>, by: string): Promise<Settings> {
    const recorded = RECORDED.filter((name) => change[name] !== undefined && change[name] !== this.#current[name])
    if (recorded.length === 0) {
      this.#queries.write(change)
    } else {
      const detail = Object.fromEntries(recorded.map((name) => [name, change[name]]))
      await this.#recorder.record({ actor: by, action: 'settings.changed', subject: recorded.join(','), detail }, () =>
        this.#queries.write(change),
      )
    }
    this.#current = this.#queries.read()
    this.tell()
    return this.#current
  }
}
