import { useState } from 'react'
import type { TripItem, TripView } from '../../../shared/contract/site.ts'
import { useTicks } from '../../api/clock.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { useNames } from '../../parts/names.ts'
import { Card } from '../../ui/card.tsx'
import { DateField } from '../../ui/date-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** Whether all that a trip needs lasts until its end: asked before leaving, when it can still be mended. */
export function Trip() {
  const { say } = useWords()
  const { date } = useTicks(60_000)
  const site = useWatch('app.state', null).value?.site ?? null
  const { call, error } = useCall('site.trip')
  const [day, setDay] = useState('')
  const [found, setFound] = useState<TripView>()
  const look = async (chosen: string) => {
    setDay(chosen)
    setFound(undefined)
    // To the end of that day, where this laptop is.
    const until = new Date(`${chosen}T23:59:59`).getTime()
    if (Number.isFinite(until)) setFound(await call({ until }))
  }
  return (
    <Card title={say('trip.title')}>
      <div className="stack">
        <DateField
          label={say('trip.back')}
          help={site === null ? say('trip.whyAll') : say('trip.why', { site: site.title })}
          value={day}
          min={isoDay(date)}
          onChange={(chosen) => void look(chosen)}
        />
        {error && <ErrorNote error={error} announce />}
        {found && <Verdict trip={found} />}
      </div>
    </Card>
  )
}

function Verdict(props: { readonly trip: TripView }) {
  const { say } = useWords()
  const { items, until } = props.trip
  const bad = items.filter(({ good }) => !good)
  const others = items.length - bad.length
  if (bad.length === 0) return <Notice tone="good" announce title={say('trip.good', { until })} />
  return (
    <>
      <Notice tone="caution" announce title={say('trip.bad', { n: bad.length, until })} />
      <ul className="verdicts">
        {bad.map((item) => (
          <Row key={`${item.kind} ${item.name}`} item={item} />
        ))}
      </ul>
      {others > 0 && <p className="quiet small">{say('trip.others', { n: others })}</p>}
    </>
  )
}

function Row(props: { readonly item: TripItem }) {
  const { item } = props
  const { say } = useWords()
  const nameOf = useNames()
  const name = item.kind === 'lease' ? nameOf(item.name) : item.name.replace(/^artifacts\//, '')
  const ends = item.until === null ? '' : `${say('trip.ends', { until: item.until })} `
  return (
    <li>
      <StateIcon tone="caution" size="small" />
      <div>
        <p>{say(`trip.kind-${item.kind}`, { name })}</p>
        <p className="quiet small">
          {ends}
          {item.remedy !== 'none' && say(`trip.remedy-${item.remedy}`, { bytes: item.bytes })}
        </p>
      </div>
    </li>
  )
}

function isoDay(ms: number): string {
  const date = new Date(ms)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
