import type { AuditRow, AuditState, CarriedState, ChainReport, HeldReceipt } from '../../../shared/contract/audit.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason, when, yesNo } from './words.ts'

function chain(report: ChainReport | null, options: ViewOptions): string {
  if (!report) return 'not checked since the start'
  const verdict = report.ok ? `${report.entries} entries, unbroken` : `BROKEN. ${reason(report.reason, options)}`
  return `${verdict} (checked ${when(report.checkedAt, options)})`
}

function auditState(state: AuditState, options: ViewOptions): string {
  const { own } = state.carried
  const facts = list([
    ['Chain', chain(state.chain, options)],
    ['Entries', `${state.entries}, last number ${state.lastSeq}, epoch ${state.epoch}`],
    ['To upload', state.toUpload],
    ['Last receipt', state.lastReceipt ? when(state.lastReceipt.time, options) : 'none yet'],
    ['Detail sealed', yesNo(state.sealing)],
    ...(own
      ? [
          [
            'On a stick',
            `${own.entries} entries (${own.first} to ${own.last}), since ${when(own.since, options)}`,
          ] as const,
        ]
      : []),
    ...(state.lastError ? [['Last error', reason(state.lastError, options)] as const] : []),
  ])
  return blocks(facts, carriedLogs(state.carried, options))
}

/** Logs of other consoles that wait here for the server. */
function carriedLogs({ others }: CarriedState, options: ViewOptions): string {
  return table(
    ['carried for', 'entries', 'size', 'since', 'not sent because'],
    others.map(({ console, entries, bytes, since, reason: why }) => [
      console,
      entries,
      options.formats.bytes(bytes),
      when(since, options),
      reason(why, options),
    ]),
  )
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
  'audit.receipts': (receipts: readonly HeldReceipt[], options: ViewOptions) =>
    table(
      ['when', 'entries', 'segment', 'key', 'carried by'],
      receipts.map((receipt) => [
        when(receipt.time, options),
        `${receipt.first} to ${receipt.last}`,
        receipt.segment,
        receipt.keyid,
        receipt.carrier,
      ]),
    ) || 'No receipts yet.',
}
