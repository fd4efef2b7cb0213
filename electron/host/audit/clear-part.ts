import { AppError } from '../../../shared/errors.ts'
import { AuditEntryClear, type AuditTime } from '../../../shared/model/audit.ts'
import type { ChainPoint } from './chain.ts'
import type { EntryDraft } from './recorder.ts'

const MAX_SUBJECT = 300
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u001f\u007f]/g

/**
 * The clear part of the entry after `tip`. A subject comes from devices and servers as well: what the
 * log cannot carry is replaced, so that a hostile name never keeps an entry out of the log. Throws
 * `internal` on an actor or action that no caller may use.
 */
export function clearPart(draft: EntryDraft, tip: ChainPoint, time: AuditTime): AuditEntryClear {
  const clear = AuditEntryClear.safeParse({
    seq: tip.seq + 1,
    epoch: tip.epoch,
    time,
    actor: draft.actor,
    action: draft.action,
    subject: carried(draft.subject),
    prev: tip.hash,
  })
  if (clear.success) return clear.data
  throw new AppError('internal', { detail: { what: 'audit-entry', action: draft.action }, cause: clear.error })
}

function carried(subject: string): string {
  return subject.replace(CONTROL, '\ufffd').slice(0, MAX_SUBJECT).toWellFormed()
}
