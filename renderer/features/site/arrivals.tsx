import { useEffect, useRef, useState } from 'react'
import type { BoardRow } from '../../../shared/contract/site.ts'
import { StartButton, StartOutcome, useStartRun } from '../../parts/start-run.tsx'
import { changeOf, Versions } from '../../parts/versions.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { useWords } from '../../words.tsx'

const isReady = (row: BoardRow) =>
  row.presence === 'present' &&
  row.group === 'to-update' &&
  row.plan !== null &&
  row.run === null &&
  row.reason === null

/** The fast lane: a device that was just connected and that a plan fits asks to be started by one touch. */
export function Arrivals(props: { readonly rows: readonly BoardRow[] }) {
  const { rows } = props
  const known = useRef<ReadonlySet<string> | null>(null)
  const [arrived, setArrived] = useState<readonly string[]>([])
  useEffect(() => {
    const present = new Set(rows.filter((row) => row.presence === 'present').map((row) => row.key))
    // What was there when the screen opened did not just arrive.
    const before = known.current ?? present
    known.current = present
    const fresh = rows.filter((row) => isReady(row) && !before.has(row.key)).map((row) => row.key)
    setArrived((keys) => [...fresh, ...keys.filter((key) => present.has(key) && !fresh.includes(key))])
  }, [rows])
  const leave = (key: string) => setArrived((keys) => keys.filter((each) => each !== key))
  const cards = arrived
    .map((key) => rows.find((row) => row.key === key))
    .filter((row) => row !== undefined && isReady(row))
  return cards.map((row) => row && <Arrival key={row.key} row={row} onLater={() => leave(row.key)} />)
}

function Arrival(props: { readonly row: BoardRow; readonly onLater: () => void }) {
  const { row } = props
  const { say } = useWords()
  const start = useStartRun(row.plan?.id ?? '', row.key)
  return (
    <div className="arrival" role="status">
      <Card tone="accent">
        <div className="arrival-line">
          <div>
            <p className="arrival-title">{say('site.arrivedTitle', { name: row.name, plan: row.plan?.title })}</p>
            <p className="quiet">
              {say('site.arrivedWhy')} {row.typeTitle}, {row.serial}.{' '}
              <Versions change={changeOf(row.running, row.wanted)} />
            </p>
          </div>
          <div className="row">
            <StartButton run={start} />
            <Button onPress={props.onLater}>{say('site.later')}</Button>
          </div>
        </div>
        <StartOutcome run={start} />
      </Card>
    </div>
  )
}
