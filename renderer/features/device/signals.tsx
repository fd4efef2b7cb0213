import type { SignalRow } from '../../../shared/contract/devices.ts'
import { useWatch } from '../../api/host.tsx'
import { ReadingAge } from '../../parts/ago.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { readingText } from '../../parts/reading.ts'
import { Card } from '../../ui/card.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import { limitTexts } from './limits.ts'

const TONES: Readonly<Record<SignalRow['level'], Tone>> = {
  normal: 'good',
  warn: 'warning',
  alarm: 'alarm',
  unknown: 'unknown',
}

/** Every signal of the profile, live: value, age, limits and which way it goes. */
export function Signals(props: { readonly device: string }) {
  const { say } = useWords()
  const signals = useWatch('devices.signals', { device: props.device })
  return (
    <Card title={say('device.signals')} aside={say('device.signalsHint')} flush>
      <Loaded of={signals} lines={6}>
        {(rows, at) =>
          rows.length === 0 ? (
            <p className="quiet signals-empty">{say('device.noSignals')}</p>
          ) : (
            <table className="signals">
              <thead>
                <tr>
                  <th scope="col">{say('device.signal')}</th>
                  <th scope="col">{say('device.value')}</th>
                  <th scope="col">{say('device.age')}</th>
                  <th scope="col">{say('device.limit')}</th>
                  <th scope="col">{say('device.course')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Signal key={row.signal} row={row} at={at} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Card>
  )
}

function Signal(props: { readonly row: SignalRow; readonly at: number }) {
  const { row, at } = props
  const words = useWords()
  const { say, formats } = words
  const value = readingText(row.value, row.unit, formats)
  return (
    <tr>
      <th scope="row">
        {row.title}
        <span className="signal-id mono">{row.signal}</span>
      </th>
      <td>
        <span className="signal-value" title={row.raw === '' ? undefined : say('device.says', { raw: row.raw })}>
          <StateIcon tone={TONES[row.level]} size="small" />
          <span className="strong">{value ?? say(`device.fault-${row.fault ?? 'no-answer'}`)}</span>
          <span className="visually-hidden">, {say(`device.level-${row.level}`)}</span>
        </span>
      </td>
      <td className="quiet">
        <ReadingAge ageMs={row.ageMs} at={at} />
      </td>
      <td className="small">{limitTexts(row, words).join(', ')}</td>
      <td>
        <Sparkline values={row.recent} />
      </td>
    </tr>
  )
}
