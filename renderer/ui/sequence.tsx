import { StateIcon, type Tone } from './state-icon.tsx'
import './sequence.css'

export interface SequenceStepView {
  readonly id: string
  readonly label: string
  readonly state: 'todo' | 'now' | 'done' | 'failed' | 'skipped' | 'unknown'
  /** The state in words, for screen readers. */
  readonly stateLabel: string
}

const TONES: Readonly<Record<SequenceStepView['state'], Tone>> = {
  todo: 'idle',
  now: 'busy',
  done: 'good',
  failed: 'warning',
  skipped: 'away',
  unknown: 'unknown',
}

/** The steps of a run, as OpenBridge draws a sequence: done, the one that goes on, those to come. */
export function Sequence(props: {
  readonly label: string
  readonly steps: readonly SequenceStepView[]
  /** The run waits: the step is named, but nothing turns. */
  readonly paused?: boolean
}) {
  return (
    <ol className="sequence" aria-label={props.label}>
      {props.steps.map((step) => (
        <li key={step.id} className={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="sequence-pill">
            <StateIcon tone={step.state === 'now' && props.paused ? 'person' : TONES[step.state]} size="small" />
            <span className="sequence-name">{step.label}</span>
            <span className="visually-hidden">, {step.stateLabel}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
