import type { AuditAction } from '../../../shared/model/audit.ts'

/** An entry before it has a number. `detail` is JSON and is sealed before it is stored. */
export interface EntryDraft {
  readonly actor: string
  readonly action: AuditAction
  readonly subject: string
  readonly detail?: unknown
}

/**
 * The only way to change state that the log records: the entries and the change are one transaction,
 * or neither happened.
 */
export interface AuditRecorder {
  /** Seals, then runs `change` and appends the entries in one transaction. Returns what `change` returned. */
  record<T = void>(entries: EntryDraft | readonly EntryDraft[], change?: () => T): Promise<T>
}
