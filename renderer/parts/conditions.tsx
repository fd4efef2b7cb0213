import type { ReactNode } from 'react'
import type { ConditionView } from '../../shared/model/run.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { StateIcon, type Tone } from '../ui/state-icon.tsx'
import { useWords } from '../words.tsx'
import { ReadingAge } from './ago.tsx'
import { readingText } from './reading.ts'
import './conditions.css'

const TONES: Readonly<Record<ConditionView['state'], Tone>> = {
  holds: 'good',
  fails: 'warning',
  'needs-person': 'person',
  attested: 'good',
  overridden: 'caution',
}

/** Whether anything is known of it: before the first reading it counts as not met, but nobody has looked yet. */
export function wasRead(condition: ConditionView): boolean {
  return condition.state !== 'fails' || condition.reason !== null || condition.readings.length > 0
}

export interface ConditionsProps {
  readonly conditions: readonly ConditionView[]
  /** When they arrived, on the page's monotonic clock: ages go on from there. Null: it is over, ages say nothing. */
  readonly at: number | null
  /** What can be done about one, beside it. */
  readonly renderAction?: (condition: ConditionView) => ReactNode
}

/** Each condition with what was read, how old that is, when it must hold and, if it does not, what to do. */
export function Conditions(props: ConditionsProps) {
  const { say } = useWords()
  if (props.conditions.length === 0) return <p className="quiet">{say('run.noConditions')}</p>
  return (
    <ul className="conditions">
      {props.conditions.map((condition) => (
        <li key={condition.id} className={`condition ${wasRead(condition) ? condition.state : ''}`}>
          <StateIcon tone={wasRead(condition) ? TONES[condition.state] : 'idle'} />
          <div className="condition-words">
            <div className="condition-title">
              <span className="strong">{condition.title}</span>
              <span className="condition-state">
                {wasRead(condition) ? say(`run.${condition.state}`) : say('run.notRead')}
              </span>
            </div>
            <Why condition={condition} />
            <When condition={condition} />
          </div>
          <Readings condition={condition} at={props.at} />
          {props.renderAction && <div className="condition-action">{props.renderAction(condition)}</div>}
        </li>
      ))}
    </ul>
  )
}

/** When it must hold; opened, the expression to the letter as it was signed. */
function When(props: { readonly condition: ConditionView }) {
  const { say, formats } = useWords()
  const { condition } = props
  const moments = formats.list(condition.at.map((moment) => say(`run.moment-${moment}`)))
  const when = `${say('run.at', { moments })}${condition.watch ? `, ${say('run.watched')}` : ''}`
  if (condition.expr === null) return <p className="quiet small">{when}</p>
  return (
    <Disclosure label={<span className="small">{when}</span>}>
      <span className="visually-hidden">{say('run.exactly')} </span>
      <code className="mono small">{condition.expr}</code>
    </Disclosure>
  )
}

function Why(props: { readonly condition: ConditionView }) {
  const { explain } = useWords()
  const { condition } = props
  const stands = condition.state === 'fails' || condition.state === 'overridden'
  // A plain "false" is said by the readings beside it; staleness and faults need their own sentence.
  const reason = condition.reason && condition.reason.code !== 'condition.false' ? explain(condition.reason) : null
  return (
    <>
      {stands && reason && <p>{reason.what}</p>}
      {condition.state === 'fails' && wasRead(condition) && <p>{condition.fix ?? reason?.next}</p>}
    </>
  )
}

function Readings(props: { readonly condition: ConditionView; readonly at: number | null }) {
  const { say, formats } = useWords()
  const { readings } = props.condition
  if (readings.length === 0) return null
  return (
    <dl className="condition-readings">
      {readings.map((reading) => (
        <div key={reading.signal}>
          <dt className="quiet small">{reading.title}</dt>
          <dd>
            <span className="strong">{readingText(reading.value, reading.unit, formats) ?? say('run.noReading')}</span>{' '}
            {props.at !== null && (
              <span className="quiet small">
                <ReadingAge ageMs={reading.ageMs} at={props.at} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
