import { Icon } from './icon.tsx'
import './filter-field.css'

/** Narrows a list by typing; the slash key leads here. */
export function FilterField(props: {
  readonly label: string
  readonly placeholder: string
  readonly clearLabel: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** The arrow key down: into what was found. */
  readonly onDown?: () => void
  /** How many are shown, read out politely as it changes. */
  readonly status: string
}) {
  return (
    <div className="filter-field" data-filter>
      <Icon name="search" size="small" />
      <input
        type="search"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={props.value}
        maxLength={100}
        spellCheck={false}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.onChange('')
          if (event.key !== 'ArrowDown' || !props.onDown) return
          event.preventDefault()
          props.onDown()
        }}
      />
      <span className="quiet small" role="status">
        {props.status}
      </span>
      {props.value !== '' && (
        <button type="button" title={props.clearLabel} onClick={() => props.onChange('')}>
          <Icon name="close" size="small" />
          <span className="visually-hidden">{props.clearLabel}</span>
        </button>
      )}
    </div>
  )
}
