import { SystemField } from './system-field.tsx'

/** A time of day, `hh:mm`. */
export function TimeField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <SystemField
      label={props.label}
      type="time"
      required
      value={props.value}
      // While a part of it is empty there is no time.
      onChange={(event) => event.target.value !== '' && props.onChange(event.target.value)}
    />
  )
}
