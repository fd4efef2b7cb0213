import { useEffect, useRef, useState } from 'react'
import type { BoardRow } from '../../../shared/contract/site.ts'
import { useWatch } from '../../api/host.tsx'
import { StartButton, StartOutcome, useStartRun } from '../../parts/start-run.tsx'
import { changeOf, Versions } from '../../parts/versions.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { useWords } from '../../words.tsx'

/** The fast lane: a device that was just connected and that a plan fits asks to be started by one touch. */
export function Arrivals() {
  const rows = useWatch('site.ready', null).value
  const known = useRef<ReadonlySet<string> | null>(null)
  const [arrived, setArrived] = useState<readonly string[]>([])
  useEffect(() => {
    if (!rows) return
    const ready = new Set(rows.map((row) => row.key))
    // What was there when the screen opened did not just arrive.
    const before = known.current ?? ready
    known.current = ready
    const fresh = [...ready].filter((key) => !before.has(key))
    setArrived((keys) => [...fresh, ...keys.filter((key) => ready.has(key) && !fresh.includes(key))])
  }, [rows])
  const leave = (key: string) => setArrived((keys) => keys.filter((each) => each !== key))
  const cards = arrived.map((key) => rows?.find((row) => row.key === key))
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
