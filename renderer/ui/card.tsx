import { type ReactNode, useId } from 'react'
import './card.css'

export interface CardProps {
  readonly title?: ReactNode
  /** Beside the title: a state, a count, small actions. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** `accent` marks the one card that waits for the person. */
  readonly tone?: 'plain' | 'accent' | 'good' | 'caution' | 'alarm'
  /** Content reaches the edges: for lists. */
  readonly flush?: boolean
  readonly level?: 2 | 3
}

/** A named region with one subject. */
export function Card(props: CardProps) {
  const id = useId()
  const Heading = props.level === 3 ? 'h3' : 'h2'
  const label = props.title === undefined ? {} : { 'aria-labelledby': id }
  return (
    <section className={`card ${props.tone ?? 'plain'} ${props.flush ? 'flush' : ''}`} {...label}>
      {props.title !== undefined && (
        <header className="card-head">
          <Heading id={id}>{props.title}</Heading>
          {props.aside !== undefined && <div className="card-aside">{props.aside}</div>}
        </header>
      )}
      <div className="card-body">{props.children}</div>
    </section>
  )
}
