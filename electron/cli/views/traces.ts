import { english } from '../../../renderer/text/words-of.ts'
import type { TraceRow } from '../../../shared/contract/traces.ts'
import type { ReplayReport } from '../../host/device/replay.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason } from './words.ts'

const words = english.device

export const traceViews: Views = {
  'traces.list': (rows, options) =>
    rows.length === 0
      ? 'No recordings.'
      : table(
          ['id', 'device', 'began', 'state', 'size'],
          rows.map((row) => [
            row.id,
            row.device ?? row.address,
            options.formats.datetime(row.startedAt),
            words[`trace-${row.state}`],
            options.formats.bytes(row.bytes),
          ]),
        ),
  'traces.start': one,
  'traces.stop': one,
}

function one(row: TraceRow, options: ViewOptions): string {
  return list([
    ['Recording', row.id],
    ['Of', row.device === null ? row.address : `${row.device} at ${row.address}`],
    ['State', words[`trace-${row.state}`]],
    ['Size', `${options.formats.bytes(row.bytes)}, ${row.events ?? '?'} events`],
    ['File', row.path],
  ])
}

/** What a recording holds, and what its driver makes of it. */
export function replayView(report: ReplayReport, options: ViewOptions): string {
  const { identity, status, trouble } = report
  const versions = Object.entries(status?.versions ?? {}).map(([id, version]) => `${id} ${version ?? 'not known'}`)
  return blocks(
    list([
      ['Recorded at', `${report.address} (${report.kind}), ${options.formats.datetime(Date.parse(report.startedAt))}`],
      ['Device type', report.type ?? 'not known'],
      ['Driver', report.driver ?? 'none'],
      ['Lasted', report.lasted === null ? 'cut off' : `${(report.lasted / 1000).toFixed(1)} s`],
      ['Events', `${report.events}, ${report.requests} of them requests`],
      ...(report.notes.length > 0 ? [['Notes', report.notes.join(', ')] as const] : []),
    ]),
    list([
      [
        'Identity',
        identity ? [identity.type, identity.serial, identity.hardware].filter(Boolean).join(', ') : 'not told',
      ],
      ['Runs', versions.join(', ') || 'not told'],
      ['Mode', status?.mode ?? 'not told'],
      ['Replayed', `${report.answered} of ${report.requests} requests`],
      ...(trouble ? [['Trouble', reason(trouble, options)] as const] : []),
    ]),
  )
}
