import { type InputHTMLAttributes, useId } from 'react'
import './text-field.css'

export interface SystemFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'value' | 'min' | 'required' | 'onChange'> {
  readonly label: string
  readonly type: 'date' | 'time'
  readonly help?: string | undefined
}

/** The system's own picker: it knows the language, the keyboard and the glove. */
export function SystemField({ label, help, ...input }: SystemFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-describedby={help === undefined ? undefined : `${id}-help`} {...input} />
      {help !== undefined && (
        <div id={`${id}-help`} className="field-help">
          {help}
        </div>
      )}
    </div>
  )
}
