import { type ReactNode, useId } from 'react'
import './choice.css'

export interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[]
  readonly onChange: (value: T) => void
  /** Hides the label where the surroundings say it already. */
  readonly bare?: boolean
}

/** One of a few: radio buttons that look like OpenBridge's toggle group. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className="choice">
      <legend className={props.bare ? 'visually-hidden' : ''}>{props.label}</legend>
      <div className="choice-options">
        {props.options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
