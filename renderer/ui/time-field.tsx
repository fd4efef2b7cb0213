import { useId } from 'react'
import './text-field.css'

/** A time of day, `hh:mm`. The system's own picker: it knows the language, the keyboard and the glove. */
export function TimeField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="time"
        required
        value={props.value}
        // While a part of it is empty there is no time.
        onChange={(event) => event.target.value !== '' && props.onChange(event.target.value)}
      />
    </div>
  )
}
