import type { ReactNode } from 'react'
import { StateIcon, type Tone } from './state-icon.tsx'
import './notice.css'

export interface NoticeProps {
  readonly tone: 'alarm' | 'warning' | 'caution' | 'good' | 'info'
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** Read out when it appears: for what a person's own act led to. */
  readonly announce?: boolean
}

const TONES: Readonly<Record<NoticeProps['tone'], Tone>> = {
  alarm: 'alarm',
  warning: 'warning',
  caution: 'caution',
  good: 'good',
  info: 'next',
}

/** What happened, why, what now: beside the thing it is about. */
export function Notice(props: NoticeProps) {
  return (
    <div className={`notice ${props.tone}`} role={props.announce ? 'alert' : undefined}>
      {props.tone !== 'info' && <StateIcon tone={TONES[props.tone]} />}
      <div className="notice-words">
        <div className="notice-title">{props.title}</div>
        {props.children !== undefined && <div className="notice-text">{props.children}</div>}
      </div>
      {props.actions !== undefined && <div className="notice-actions">{props.actions}</div>}
    </div>
  )
}
