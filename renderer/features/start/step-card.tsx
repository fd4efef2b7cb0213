import type { ReactNode } from 'react'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

export type StepState = 'done' | 'now' | 'later'

/** One of the few things that must happen once. Only the one that is due is open. */
export function StepCard(props: {
  readonly state: StepState
  readonly number: number | null
  readonly title: string
  readonly children?: ReactNode
}) {
  const { say } = useWords()
  const { state, number } = props
  return (
    <div className={`step ${state}`}>
      <Card
        tone={state === 'now' && number !== null ? 'accent' : 'plain'}
        title={
          <span className="step-title">
            {number !== null &&
              (state === 'done' ? <StateIcon tone="good" /> : <span className="step-number">{number}</span>)}
            {props.title}
            {state === 'done' && <span className="visually-hidden">, {say('start.done')}</span>}
          </span>
        }
      >
        {props.children}
      </Card>
    </div>
  )
}
