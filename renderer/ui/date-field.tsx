import { SystemField } from './system-field.tsx'

export interface DateFieldProps {
  readonly label: string
  /** `YYYY-MM-DD`; empty while none is chosen. */
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: string
  /** The first day that may be chosen. */
  readonly min?: string
}

/** A day. */
export function DateField({ onChange, ...props }: DateFieldProps) {
  return <SystemField {...props} type="date" onChange={(event) => onChange(event.target.value)} />
}
