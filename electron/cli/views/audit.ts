import type { AuditRow, AuditState, ChainReport } from '../../../shared/contract/audit.ts'
import type { Receipt } from '../../../shared/model/audit.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { reason, when, yesNo } from './words.ts'

function chain(report: ChainReport | null, options: ViewOptions): string {
  if (!report) return 'not checked since the start'
  const verdict = report.ok ? `${report.entries} entries, unbroken` : `BROKEN. ${reason(report.reason, options)}`
  return `${verdict} (checked ${when(report.checkedAt, options)})`
}

function auditState(state: AuditState, options: ViewOptions): string {
  return list([
    ['Chain', chain(state.chain, options)],
    ['Entries', `${state.entries}, last number ${state.lastSeq}, epoch ${state.epoch}`],
    ['To upload', state.toUpload],
    ['Last receipt', state.lastReceipt ? when(state.lastReceipt.time, options) : 'none yet'],
    ['Detail sealed', yesNo(state.sealing)],
    ...(state.lastError ? [['Last error', reason(state.lastError, options)] as const] : []),
  ])
}

export const auditViews: Views = {
  'audit.state': auditState,
  'audit.upload': auditState,
  'audit.list': (rows: readonly AuditRow[], options: ViewOptions) =>
    table(
      ['no', 'when', 'who', 'action', 'about', 'sealed', 'uploaded'],
      rows.map((row) => [
        row.seq,
        when(row.time.wall, options),
        row.actor,
        row.action,
        row.subject,
        options.formats.bytes(row.sealedBytes),
        yesNo(row.uploaded),
      ]),
    ) || 'No entries yet.',
  'audit.verify': (report: ChainReport, options: ViewOptions) => `Audit chain: ${chain(report, options)}`,
  'audit.receipts': (receipts: readonly Receipt[], options: ViewOptions) =>
    table(
      ['when', 'entries', 'segment', 'key'],
      receipts.map((receipt) => [
        when(receipt.time, options),
        `${receipt.first} to ${receipt.last}`,
        receipt.segment,
        receipt.keyid,
      ]),
    ) || 'No receipts yet.',
}
