import { useId } from 'react'
import './text-field.css'

export interface DateFieldProps {
  readonly label: string
  /** `YYYY-MM-DD`; empty while none is chosen. */
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: string
  /** The first day that may be chosen. */
  readonly min?: string
}

/** A day. The system's own picker: it knows the language, the keyboard and the glove. */
export function DateField(props: DateFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="date"
        value={props.value}
        min={props.min}
        aria-describedby={props.help === undefined ? undefined : `${id}-help`}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {props.help !== undefined && (
        <div id={`${id}-help`} className="field-help">
          {props.help}
        </div>
      )}
    </div>
  )
}
