import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditRow } from '../../../shared/contract/audit.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { useNames } from '../../parts/names.ts'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { useWords } from '../../words.tsx'

const PAGE = 100

/** The clear part of each entry, the newest first; older ones are fetched as they come into view. */
export function Entries(props: { readonly newest: number; readonly epoch: number; readonly uploaded: number }) {
  const { say } = useWords()
  const { newest, epoch, uploaded } = props
  const { call, busy, error } = useCall('audit.list')
  const [rows, setRows] = useState<readonly AuditRow[]>([])
  const ended = useRef(false)
  const asking = useRef(false)

  // What is new stands at the top; a new receipt changes rows that are here already.
  useEffect(() => {
    let current = true
    const read = async () => {
      const page = await call({ limit: PAGE })
      if (!current || !page) return
      ended.current = page.length < PAGE
      const oldest = page.at(-1)?.seq ?? 0
      setRows((before) => [
        ...page,
        ...before
          .filter((row) => row.epoch === epoch && row.seq < oldest)
          .map((row) => ({ ...row, uploaded: row.uploaded || row.seq <= uploaded })),
      ])
    }
    if (newest >= 0) void read()
    return () => {
      current = false
    }
  }, [call, newest, epoch, uploaded])

  const oldest = rows.at(-1)?.seq
  const onEnd = useCallback(async () => {
    if (ended.current || asking.current || oldest === undefined) return
    asking.current = true
    const page = await call({ before: oldest, limit: PAGE })
    asking.current = false
    if (!page) return
    ended.current = page.length < PAGE
    setRows((before) => [...before, ...page.filter((row) => row.seq < (before.at(-1)?.seq ?? 0))])
  }, [call, oldest])

  return (
    <Card title={say('audit.entries')}>
      {error && <ErrorNote error={error} />}
      {rows.length === 0 ? (
        <p className="quiet">{busy ? say('common.loading') : say('audit.empty')}</p>
      ) : (
        <VirtualList
          label={say('audit.entries')}
          items={rows}
          keyOf={(row) => `${row.epoch} ${row.seq}`}
          estimate={60}
          onEnd={() => void onEnd()}
          render={(row) => <Entry row={row} />}
        />
      )}
    </Card>
  )
}

function Entry(props: { readonly row: AuditRow }) {
  const { row } = props
  const { say, formats } = useWords()
  const nameOf = useNames()
  const { wall, source, uncertainty } = row.time
  return (
    <article className="entry">
      <StateIcon tone={row.uploaded ? 'good' : 'idle'} size="small" />
      <div>
        <p>
          <span className="strong">{say(`audit.${row.action}`)}</span> <Subject row={row} />
        </p>
        <p className="quiet small">
          <span title={source === 'floor' ? say('audit.timeFloor') : undefined}>
            {formats.datetime(wall)}
            {source === 'floor' && '*'}
          </span>
          {uncertainty !== null && uncertainty >= 60_000 && ` (${say('audit.timeUncertain', { by: uncertainty })})`},{' '}
          {nameOf(row.actor)},{' '}
          {row.sealedBytes > 0 ? say('audit.sealedDetail', { bytes: row.sealedBytes }) : say('audit.noDetail')}
        </p>
      </div>
      <div className="entry-end small">
        <span className="quiet">{say('audit.seq', { seq: row.seq })}</span>
        <span>{say(row.uploaded ? 'audit.uploaded' : 'audit.waiting')}</span>
      </div>
    </article>
  )
}

/** What the entry is about, as a way there where there is one. */
function Subject(props: { readonly row: AuditRow }) {
  const { action, subject } = props.row
  if (action.startsWith('run.')) return <a href={paths.run(subject)}>{subject}</a>
  if (action === 'device.appeared') return <a href={paths.device(subject)}>{subject}</a>
  // As much of a hash as the receipts show.
  if (/^[0-9a-f]{64}$/.test(subject)) return <span className="quiet mono small">{subject.slice(0, 16)}</span>
  return <span className="quiet">{subject}</span>
}
