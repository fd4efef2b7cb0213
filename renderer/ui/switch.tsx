import { type ReactNode, useId } from 'react'
import './switch.css'

/**
 * On or off, at once. It shows what is so, not what was wished: it moves when the host says so.
 * OpenBridge's switch cuts its description after one line, and here the description says the consequence.
 */
export function Switch(props: {
  readonly label: string
  readonly help: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <div className="switch">
      <input
        id={`${id}-box`}
        type="checkbox"
        role="switch"
        aria-checked={props.checked}
        aria-describedby={id}
        checked={props.checked}
        onChange={() => props.onChange(!props.checked)}
      />
      <span className="switch-track" aria-hidden="true" />
      <div className="switch-words">
        <label className="strong" htmlFor={`${id}-box`}>
          {props.label}
        </label>
        <span id={id} className="quiet small">
          {props.help}
        </span>
      </div>
    </div>
  )
}
