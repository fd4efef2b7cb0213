import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './empty.css'

/** Nothing here, why, and what would fill it. */
export function Empty(props: {
  readonly icon: IconName
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div className="empty">
      <Icon name={props.icon} size="large" />
      <p className="strong">{props.title}</p>
      {props.children !== undefined && <p className="quiet">{props.children}</p>}
      {props.actions !== undefined && <div className="row">{props.actions}</div>}
    </div>
  )
}

/** Stands where a value is still on its way, and shows itself only when that takes longer than 300 ms. */
export function Skeleton(props: { readonly label: string; readonly lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{props.label}</span>
      {Array.from({ length: props.lines ?? 3 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
        <div key={line} className="skeleton-line" />
      ))}
    </div>
  )
}
