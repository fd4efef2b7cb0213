import type { AuditRecipients } from '../../../shared/model/policy.ts'

/** What the signed documents say of the log. */
export interface AuditPolicy {
  readonly recipients: AuditRecipients
  /** Public keys (hex) of the consoles whose logs the server takes, by id. */
  readonly consoles: ReadonlyMap<string, string>
  /** How long entries stay after the server has signed for them. */
  readonly retentionDays: number
  /** Where uploads go; ends in a slash. Null: there is no server. */
  readonly endpoint: URL | null
}

/** Where the log finds the policy of the moment. Null on a console that has no trust yet. */
export interface AuditPolicySource {
  current(): AuditPolicy | null
  onChange(listener: () => void): () => void
}

/** The intake of a repository: `audit/` beside it, unless a server says otherwise. */
export function intakeOf(repository: string): URL {
  const url = new URL(repository)
  url.search = ''
  url.hash = ''
  return new URL('/audit/', url)
}
