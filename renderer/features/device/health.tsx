import { lazy, Suspense } from 'react'
import type { SignalRow } from '../../../shared/contract/devices.ts'
import { useAsk, useWatch } from '../../api/host.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { readingText } from '../../parts/reading.ts'
import { Card } from '../../ui/card.tsx'
import { Empty, Skeleton } from '../../ui/empty.tsx'
import { useWords } from '../../words.tsx'
import { limitTexts } from './limits.ts'

// Charts are heavy and rarely the first thing looked at.
const Chart = lazy(() => import('../../ui/chart.tsx').then((module) => ({ default: module.Chart })))

/** The numbers of a device over time, with the profile's thresholds and the updates drawn in. */
export function Health(props: { readonly device: string }) {
  const { say } = useWords()
  const signals = useWatch('devices.signals', { device: props.device })
  const history = useAsk('devices.history', { device: props.device })
  const updates = (history.value ?? []).map((row) => row.at)
  return (
    <Loaded of={signals} lines={6}>
      {(rows) => {
        const numbers = rows.filter((row) => row.type === 'number')
        return numbers.length === 0 ? (
          <Empty icon="diagnosis" title={say('device.noNumbers')} />
        ) : (
          <div className="charts">
            {numbers.map((row) => (
              <SignalChart key={row.signal} row={row} updates={updates} />
            ))}
          </div>
        )
      }}
    </Loaded>
  )
}

function SignalChart(props: { readonly row: SignalRow; readonly updates: readonly number[] }) {
  const { row, updates } = props
  const words = useWords()
  const { say, formats } = words
  const now = readingText(row.value, row.unit, formats) ?? say('common.unknown')
  const hasCourse = row.recent.length > 1
  const text = (value: number) => readingText(value, row.unit, formats) ?? ''
  return (
    <Card title={row.title} aside={<strong>{now}</strong>} level={3}>
      {hasCourse ? (
        <>
          <p className="visually-hidden">
            {say('device.chart', {
              title: row.title,
              value: now,
              low: text(Math.min(...row.recent)),
              high: text(Math.max(...row.recent)),
              since: row.recentAt[0] ?? row.time,
            })}
          </p>
          <Suspense fallback={<Skeleton label={say('common.loading')} />}>
            <Chart
              times={row.recentAt}
              values={row.recent}
              limits={row.limits}
              marks={updates.map((at) => ({ at, label: say('device.updateMark') }))}
              time={(ms) => formats.time(ms)}
              value={text}
            />
          </Suspense>
          <p className="quiet small">{limitTexts(row, words).join(', ')}</p>
        </>
      ) : (
        <p className="quiet">{say('device.chartWait')}</p>
      )}
    </Card>
  )
}
