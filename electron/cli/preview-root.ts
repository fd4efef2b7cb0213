import { EXIT } from './exit-code.ts'
import type { Given } from './field-input.ts'
import type { Field } from './fields.ts'
import { callMethod, type Session } from './session.ts'

/** `trust adopt URL` without a fingerprint: there is nothing yet that a person has compared. */
export function needsFingerprint(
  fields: readonly Field[],
  given: (field: Field) => Given,
  input: string | undefined,
): boolean {
  const has = (name: string) => fields.some((field) => field.flag === name && given(field) !== undefined)
  return input === undefined && has('url') && !has('fingerprint')
}

/** Shows what would be trusted, and leaves the trusting to a second command with the compared fingerprint. */
export async function previewRoot(session: Session, url: string): Promise<void> {
  session.print.value('trust.preview', await callMethod(session, 'trust.preview', { url }))
  session.print.note('Nothing is trusted yet. Compare the fingerprint with the one from your publisher, then:')
  session.print.note(`slipway trust adopt ${url} FINGERPRINT`)
  session.exit(EXIT.needsPerson)
}
