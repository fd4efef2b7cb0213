import type { ReactNode } from 'react'
import './facts.css'

export interface Fact {
  readonly name: ReactNode
  readonly value: ReactNode
}

/** Names and values, one line each. */
export function Facts(props: { readonly facts: readonly (Fact | null)[] }) {
  return (
    <dl className="facts">
      {props.facts
        .filter((fact) => fact !== null)
        .map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed by its caller
          <div key={index} className="fact">
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
    </dl>
  )
}
