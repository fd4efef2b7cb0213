import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  /** The address: another one is tried anew. */
  readonly place: string
  /** What stands in the place of a screen that failed. */
  readonly instead: ReactNode
}

interface State {
  readonly failed: boolean
  readonly place: string
}

/** One screen that fails takes neither the frame with it nor the others: alarms and the way elsewhere stay. */
export class ScreenGuard extends Component<Props, State> {
  override state: State = { failed: false, place: this.props.place }

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true }
  }

  static getDerivedStateFromProps({ place }: Props, state: State): State | null {
    return place === state.place ? null : { failed: false, place }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children
  }
}
