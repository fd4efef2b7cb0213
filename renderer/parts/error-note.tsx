import type { ErrorData } from '../../shared/errors.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { Notice } from '../ui/notice.tsx'
import { useWords } from '../words.tsx'
import './error-note.css'

export interface ErrorNoteProps {
  readonly error: ErrorData
  readonly tone?: 'alarm' | 'warning' | 'caution'
  /** Read it out when it appears: it answers what the person just did. */
  readonly announce?: boolean
  readonly actions?: React.ReactNode
  /** What support may ask for, such as the run: shown in the detail line. */
  readonly about?: string
}

/** A refusal that explains itself: what happened and why, what to do now, and the code for support. */
export function ErrorNote(props: ErrorNoteProps) {
  const { explain } = useWords()
  const text = explain(props.error)
  return (
    <Notice tone={props.tone ?? 'warning'} title={text.what} announce={props.announce === true} actions={props.actions}>
      {text.next}
      <SupportDetail error={props.error} about={props.about} />
    </Notice>
  )
}

/** `E-CONDITION-FALSE / run 7F3A` and the bare facts: what support reads, folded away from everybody else. */
export function SupportDetail(props: { readonly error: ErrorData; readonly about?: string | undefined }) {
  const { say, explain } = useWords()
  const facts = Object.entries(props.error.detail)
  return (
    <Disclosure label={<span className="small">{say('common.details')}</span>}>
      <div className="support-detail mono small">
        <div>
          {explain(props.error).code}
          {props.about === undefined ? '' : ` / ${props.about}`}
        </div>
        {facts.map(([name, value]) => (
          <div key={name}>
            {name}: {String(value)}
          </div>
        ))}
      </div>
    </Disclosure>
  )
}
