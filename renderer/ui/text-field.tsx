import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import './text-field.css'

export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: ReactNode
  readonly error?: ReactNode
  readonly placeholder?: string
  /** Words for the button that shows a secret; given, the field hides what is typed. */
  readonly secret?: {
    readonly show: string
    readonly hide: string
    readonly autoComplete: 'current-password' | 'new-password'
  }
  readonly lines?: number
  readonly maxLength?: number
  readonly onEnter?: () => void
  /** Takes the focus when it appears: only where the person just asked for this field. */
  readonly focused?: boolean
  readonly disabled?: boolean
}

export function TextField(props: TextFieldProps) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const { focused } = props
  useEffect(() => {
    if (focused) input.current?.focus()
  }, [focused])
  const hasHelp = props.help !== undefined || props.error !== undefined
  const common = {
    id,
    value: props.value,
    placeholder: props.placeholder,
    maxLength: props.maxLength ?? 1000,
    disabled: props.disabled,
    'aria-invalid': props.error !== undefined,
    'aria-describedby': hasHelp ? `${id}-help` : undefined,
  }
  return (
    <div className={`field ${props.error === undefined ? '' : 'error'}`}>
      <label htmlFor={id}>{props.label}</label>
      {props.lines === undefined ? (
        <span className="field-line">
          <input
            {...common}
            type={props.secret && !shown ? 'password' : 'text'}
            autoComplete={props.secret?.autoComplete ?? 'off'}
            spellCheck={false}
            ref={input}
            onChange={(event) => props.onChange(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') props.onEnter?.()
            }}
          />
          {props.secret && (
            <button type="button" className="field-reveal" aria-pressed={shown} onClick={() => setShown(!shown)}>
              <Icon name="hands" />
              <span className="visually-hidden">{shown ? props.secret.hide : props.secret.show}</span>
            </button>
          )}
        </span>
      ) : (
        <textarea {...common} rows={props.lines} onChange={(event) => props.onChange(event.target.value)} />
      )}
      {hasHelp && (
        <div id={`${id}-help`} className="field-help">
          {props.error ?? props.help}
        </div>
      )}
    </div>
  )
}
