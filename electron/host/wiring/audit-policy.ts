import { type AuditPolicySource, intakeOf } from '../audit/policy.ts'
import type { LibrarySource } from '../trust/library.ts'
import { libraryOr } from './chosen-site.ts'

/** What the signed documents of the moment say of the log. */
export function auditPolicy(library: LibrarySource): AuditPolicySource {
  return {
    current() {
      const trusted = libraryOr(library)
      if (!trusted) return null
      return {
        recipients: trusted.recipients,
        consoles: new Map(trusted.operators.consoles.map(({ id, publicKey }) => [id, publicKey])),
        retentionDays: trusted.consolePolicy.auditRetentionDays,
        endpoint: intakeOf(trusted.url),
      }
    },
    onChange: (listener) => library.onChange(listener),
  }
}
