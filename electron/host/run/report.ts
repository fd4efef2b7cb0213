import type { RunReport } from '../../../shared/contract/runs.ts'
import type { RunView } from '../../../shared/model/run.ts'
import type { JournalRow } from '../store/runs.ts'
import { readStored } from './frozen.ts'
import { JournalDetail } from './journal.ts'

type TimelineRow = RunReport['timeline'][number]

/** What a run did, from its journal: the same entries as in the audit log, which the laptop cannot read back. */
export function reportOf(run: RunView, journal: readonly JournalRow[]): RunReport {
  return { run, timeline: journal.map(timelineRow) }
}

function timelineRow({ at, act, json, kind }: JournalRow): TimelineRow {
  const { by, detail } = readStored(JournalDetail, json, 'run_journal.json')
  return { at, actor: by, action: act, what: [...(kind === 'note' ? [] : [kind]), ...facts(detail)].join(' ') }
}

/** The detail as short facts: `to=writing`, `act=write component=app version=2.5.0`. */
function facts(detail: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(detail).flatMap(([name, value]) => {
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return []
    return [`${name}=${short(value)}`]
  })
}

function short(value: unknown): string {
  if (Array.isArray(value)) return value.map(short).join(',')
  if (typeof value === 'object' && value !== null) {
    // Of an error its code says enough here; the rest is in the run's own fields.
    return 'code' in value && typeof value.code === 'string'
      ? value.code
      : `{${facts(value as Record<string, unknown>).join(' ')}}`
  }
  return String(value).slice(0, 200)
}
