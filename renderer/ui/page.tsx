import { type ReactNode, useEffect, useRef } from 'react'
import './page.css'

export interface PageProps {
  readonly title: ReactNode
  /** The window's title, where the heading is more than words. */
  readonly name: string
  /** One line under the title. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly above?: ReactNode
  readonly children: ReactNode
  /** Two columns that fall into one where there is no room. */
  readonly columns?: boolean
}

/** A screen: its heading takes the focus when it opens, so that keyboard and screen reader begin there. */
export function Page(props: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    document.title = `${props.name} – Slipway`
  }, [props.name])
  return (
    <div className="page" data-page>
      {props.above}
      <header className="page-head">
        <div className="page-words">
          <h1 ref={heading} tabIndex={-1}>
            {props.title}
          </h1>
          {props.lead && <div className="page-lead">{props.lead}</div>}
        </div>
        {props.actions !== undefined && <div className="page-actions">{props.actions}</div>}
      </header>
      <div className={props.columns ? 'page-columns' : 'stack'}>{props.children}</div>
    </div>
  )
}
