import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import './disclosure.css'

/** More for those who want it, out of the way of those who do not. */
export function Disclosure(props: {
  readonly label: ReactNode
  readonly children: ReactNode
  readonly open?: boolean
}) {
  return (
    <details className="disclosure" open={props.open}>
      <summary>
        <Icon name="forward" size="small" />
        <span>{props.label}</span>
      </summary>
      <div className="disclosure-body">{props.children}</div>
    </details>
  )
}
