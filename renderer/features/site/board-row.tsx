import type { BoardRow } from '../../../shared/contract/site.ts'
import { useTicks } from '../../api/clock.ts'
import { LinkLabel } from '../../parts/link-label.tsx'
import { useNames } from '../../parts/names.ts'
import { StartButton, StartOutcome, useStartRun } from '../../parts/start-run.tsx'
import { changeOf, Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import { GROUP_TONES } from './group-tiles.tsx'

/** One device: what it is, what it runs and should run, where it is, why it is not right, and the next touch. */
export function BoardRowView(props: { readonly row: BoardRow }) {
  const { row } = props
  const { say, explain } = useWords()
  const start = useStartRun(row.plan?.id ?? '', row.key)
  return (
    <article className={`board-row ${row.group}`}>
      <StateIcon tone={toneOf(row)} />
      <div className="board-name">
        <a className="board-link" href={row.run ? paths.run(row.run) : paths.device(row.key)}>
          {row.name}
        </a>
        <span className="quiet small">
          {row.typeTitle} · {row.serial}
          {!row.expected && ` · ${say('site.unexpected')}`}
        </span>
      </div>
      <div className="board-versions">
        <Versions change={changeOf(row.running, row.group === 'up-to-date' ? {} : row.wanted)} />
      </div>
      <div className="board-where small">
        {row.link && row.presence !== 'absent' && <LinkLabel link={row.link} />}
        <Presence row={row} />
      </div>
      <div className="board-action">
        <Action row={row} start={start} />
      </div>
      {row.reason && row.group !== 'not-here' && (
        <p className="board-reason">
          {explain(row.reason).what} <span className="quiet">{explain(row.reason).next}</span>
        </p>
      )}
      {(start.error || start.needsSecond) && (
        <div className="board-outcome">
          <StartOutcome run={start} />
        </div>
      )}
    </article>
  )
}

function Action(props: { readonly row: BoardRow; readonly start: ReturnType<typeof useStartRun> }) {
  const { row, start } = props
  const { say } = useWords()
  if (row.run) return <Button href={paths.run(row.run)}>{say('site.openRun')}</Button>
  if (row.group === 'needs-you') return <Button href={paths.device(row.key)}>{say('site.open')}</Button>
  if (row.group !== 'to-update' || !row.plan || row.presence !== 'present') return null
  // Something stands in the way: the reason is on the row, and the device's screen has the rest.
  if (row.reason) return <Button href={paths.device(row.key)}>{say('site.open')}</Button>
  return <StartButton run={start} kind="normal" />
}

function Presence(props: { readonly row: BoardRow }) {
  const { say } = useWords()
  const nameOf = useNames()
  const { date } = useTicks(10_000)
  const { presence, lastSeenAt, lastSeenBy } = props.row
  if (presence === 'present') return null
  const seen =
    lastSeenAt === null
      ? say('site.neverSeen')
      : say('site.lastSeen', { age: date - lastSeenAt, by: lastSeenBy === null ? null : nameOf(lastSeenBy) })
  if (presence === 'absent') return <span className="quiet">{seen}</span>
  return (
    <span>
      {say(`site.${presence}`)}, <span className="quiet">{seen}</span>
    </span>
  )
}

function toneOf(row: BoardRow): Tone {
  if (row.group === 'needs-you' && row.reason?.code === 'run.ended-unknown') return 'unknown'
  if (row.run && row.group === 'to-update') return 'busy'
  return GROUP_TONES[row.group]
}
